"""What slime, or miles, which grew from it, logs: `slime_tracking.py slime|miles BACKEND`.

Three processes write one run, as the driver, the one that rolls out and the one that trains do; steps of rollouts, evals and
training are each their own. With the backend `files`, miles dumps its trajectories and columns of tokens.
"""
import argparse
import importlib
import json
import multiprocessing
import os
import random
import sys
import types

import absent
import counted

TRAINER, BACKEND = sys.argv[1:3]
ROLLOUTS, EVERY, STEPS, PROMPTS, SAMPLES = 6, 3, 2, 2, 2
ENGINES = ["sglang", *(f"sglang.srt{rest}" for rest in ("", ".entrypoints", ".entrypoints.openai"))]
absent.leave_out(*ENGINES, "sglang.srt.entrypoints.openai.protocol")


def tracking():
    name = {"slime": "slime.observability.logging_utils", "miles": "miles.utils.tracking_utils.tracking"}[TRAINER]
    return importlib.import_module(name)


def remembering(sent):
    """Its own log call, of which what is logged is kept under its step."""
    module, own = tracking(), tracking().log

    def log(args, metrics, step_key):
        step = metrics[step_key]
        sent.append([step, {name: counted.number(value) for name, value in metrics.items() if name != step_key}])
        own(args, metrics, step_key=step_key)

    module.log = log


def arguments():
    return argparse.Namespace(
        use_wandb=BACKEND == "wandb",
        use_tensorboard=BACKEND == "tensorboard",
        use_mlflow=BACKEND == "mlflow",
        wandb_mode=None,
        wandb_key=None,
        wandb_host=None,
        wandb_team=None,
        wandb_dir=None,
        wandb_project=TRAINER,
        wandb_group="sums",
        wandb_random_suffix=False,
        wandb_always_use_train_step=False,
        mlflow_tracking_uri=None,
        mlflow_experiment_name=TRAINER,
        mlflow_run_name="sums",
        tb_project_name="sums",
        tb_experiment_name="grpo",
        rank=0,
        env_report=None,
        sglang_enable_metrics=False,
        sglang_speculative_algorithm=None,
        custom_rollout_log_function_path=None,
        custom_eval_rollout_log_function_path=None,
        load_debug_rollout_data=None,
        save_debug_rollout_data="dump/rollout_data/{rollout_id}.pt",
        save_debug_trajectory_data="dump/trajectory/{rollout_id}.jsonl",
        advantage_estimator="grpo",
        reward_key=None,
        log_reward_category=None,
        log_passrate=True,
        log_multi_turn=False,
        log_correct_samples=False,
        ci_test=False,
        n_samples_per_prompt=SAMPLES,
        n_samples_per_eval_prompt=SAMPLES,
        rollout_batch_size=PROMPTS,
        global_batch_size=SAMPLES,
        rollout_num_gpus=1,
        lr=1e-6,
    )


def attach(args):
    """Joins the run, as an actor of Ray does: one that shares no process of W&B's with the driver."""
    os.environ.pop("WANDB_SERVICE", None)
    tracking().init_tracking(args, primary=False)


def sampled(chance, first):
    """Some answers, of which one in five is cut off."""
    types_of = importlib.import_module(f"{TRAINER}.utils.types")
    samples = []
    for group in range(PROMPTS):
        one, other = chance.randrange(20), chance.randrange(20)
        for _ in range(SAMPLES):
            said = one + other + chance.randrange(2)
            cut = chance.random() < 0.2
            text = f"Let us see: {one} and" if cut else str(said)
            question = {"role": "user", "content": f"What is {one} plus {other} ?"}
            samples.append(
                types_of.Sample(
                    group_index=first // SAMPLES + group,
                    index=first + len(samples),
                    prompt=[question],
                    tokens=[1, 2, 3, 4, 5],
                    response=text,
                    response_length=2,
                    label=str(one + other),
                    reward=float(text == str(one + other)),
                    loss_mask=[1, 1],
                    rollout_log_probs=[-0.5, -0.25],
                    status=types_of.Sample.Status.TRUNCATED if cut else types_of.Sample.Status.COMPLETED,
                    metadata={"messages": [question, {"role": "assistant", "content": text}]},
                )
            )
    return samples


def roll_out(args, to_train):
    chance, sent, rows = random.Random(3), [], {"rollouts": [], "eval_rollouts": []}
    attach(args)
    remembering(sent)
    name = {"slime": "slime.observability.rollout_metrics", "miles": "miles.ray.rollout.metrics"}[TRAINER]
    metrics = importlib.import_module(name)

    def dumped(samples, step, evaluation):
        for sample in samples:
            asked, said = sample.prompt, sample.response
            was_cut = sample.status.value == "truncated"
            group = f"{step}/{sample.group_index}"
            table = "eval_rollouts" if evaluation else "rollouts"
            rows[table].append([step, asked, said, sample.reward, group, was_cut])
        if BACKEND == "files":
            debug = importlib.import_module("miles.ray.rollout.debug_data")
            data = {"sums": {"samples": samples}} if evaluation else samples
            debug.save_debug_rollout_data(args, data, rollout_id=step, evaluation=evaluation)

    for step in range(ROLLOUTS):
        if step % EVERY == 0:
            samples = sampled(chance, 0)
            result = {"rewards": [one.reward for one in samples], "samples": samples}
            result["truncated"] = [one.status.value == "truncated" for one in samples]
            dumped(samples, step, True)
            metrics.log_eval_rollout_data(step, args, {"sums": result}, {})
        samples = sampled(chance, step * PROMPTS * SAMPLES)
        to_train.send([sample.reward for sample in samples])
        dumped(samples, step, False)
        metrics.log_rollout_data(step, args, samples, {}, 1.5)
    finish(sent, rows)


def train(args, rewards):
    chance, sent = random.Random(4), []
    import torch.distributed

    store = torch.distributed.FileStore("ranks", 1)
    torch.distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    attach(args)
    remembering(sent)
    log_rollout = trainers_view()
    for rollout in range(ROLLOUTS):
        given = rewards.recv()
        lengths = {"response_lengths": [2] * len(given), "total_lengths": [5] * len(given)}
        # What its trainer tells of a rollout: rewards as they were given, and the same within their groups.
        normed = [one - sum(given) / len(given) for one in given]
        log_rollout(rollout, args, {**lengths, "loss_masks": [], "raw_reward": given, "rewards": normed})
        for i in range(STEPS):
            step = rollout * STEPS + i
            values = {"train/loss": chance.random(), "train/grad_norm": chance.random(), "train/step": step}
            tracking().log(args, values, step_key="train/step")
    finish(sent, {})


def trainers_view():
    """Its log call for rollouts on the side that trains, with ranks that are one."""
    if TRAINER == "miles":
        module = importlib.import_module("miles.backends.training_utils.log_utils")
        world = torch_group()
        one, pair = types.SimpleNamespace(rank=0, size=1), {"gloo_groups_inner_to_outer": [world]}
        state = types.SimpleNamespace(tp=one, cp=one, intra_dp=one, is_pp_last_stage=True)
        state.effective_dp_cp = types.SimpleNamespace(rank=0, size=1, **pair)
        module.get_parallel_state = lambda: state
        return module.log_rollout_data
    backend = "slime.backends.megatron_utils"
    absent.leave_out("megatron", "megatron.core", backend, f"{backend}.cp_utils")
    zero, one = (lambda **_: 0), (lambda **_: 1)
    sys.modules["megatron.core"].mpu = types.SimpleNamespace(
        get_tensor_model_parallel_rank=zero,
        is_pipeline_last_stage=lambda: True,
        get_context_parallel_world_size=one,
        get_data_parallel_world_size=one,
        get_data_parallel_src_rank=zero,
        get_data_parallel_group_gloo=lambda **_: None,
    )
    module = importlib.import_module("slime.observability.train_metric_utils")
    return lambda rollout, args, data: module.log_rollout_data(rollout, args, {**data, "global_batch_sizes": [SAMPLES]})


def torch_group():
    import torch.distributed

    return torch.distributed.group.WORLD


def finish(sent, rows):
    with open(f"sent.{multiprocessing.current_process().name}.json", "w") as file:
        json.dump([sent, rows], file)
    if BACKEND == "wandb":
        import wandb

        wandb.finish()


def main():
    args = arguments()
    tracking().init_tracking(args)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    writers = [
        context.Process(target=roll_out, args=(args, sender), name="rollout"),
        context.Process(target=train, args=(args, receiver), name="train"),
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    {"slime": lambda: tracking().finish_tracking(args), "miles": lambda: tracking().finish_tracking()}[TRAINER]()
    metrics, tables = {}, {}
    for writer in writers:
        with open(f"sent.{writer.name}.json") as file:
            sent, rows = json.load(file)
        tables |= rows
        for step, values in sent:
            for name, value in values.items():
                told = name.replace("@", "_") if BACKEND == "mlflow" else name
                metrics.setdefault(told, {})[step] = value
    roles = {"prompt": "prompt", "messages": "messages", "reward": "reward", "groupId": "groupId", "truncated": "truncated"}
    listed = [
        {
            "name": name,
            "columns": ["step", "prompt", "response", "reward", "groupId", "truncated"],
            "rows": rows,
            "roles": roles,
        }
        for name, rows in tables.items()
    ]
    client = {"wandb": ["wandb"], "mlflow": ["mlflow-skinny"], "tensorboard": ["tensorboard"], "files": []}[BACKEND]
    run = {"run": "sums", "project": TRAINER, "metrics": metrics, "tables": []}
    if BACKEND == "wandb":
        run["group"] = "sums"
    if BACKEND == "files":
        run |= {"metrics": {}, "tables": listed}
    else:
        run["evals"] = ["eval/sums-pass@1"]
    ran = "Its tracking and what logs rollouts and evals, in the three processes that write; nothing generates or trains"
    counted.write(client, [run], ran=ran)


if __name__ == "__main__":
    main()
