import requests
store = "http://127.0.0.1:8900/api/v1/runs/my-run"
requests.put(store, json={"project": "my-project"}).raise_for_status()
for step in range(100):
    requests.post(f"{store}/log", json={"entries": [{"step": step, "metrics": {"eval/accuracy/mean": step / 100}}]}).raise_for_status()
requests.post(f"{store}/finish", json={}).raise_for_status()
