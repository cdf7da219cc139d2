import { createServer, type Server } from 'node:http';

export interface DeliveredAlert {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** What listens where the Alertmanager delivers; it keeps everything that came. */
export class Webhook {
  readonly alerts: DeliveredAlert[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Webhook> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        webhook.alerts.push(...(JSON.parse(body) as { alerts: DeliveredAlert[] }).alerts);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const webhook = new Webhook(server, `http://127.0.0.1:${port}/`);
    return webhook;
  }

  /** Alerts of a name for a run, in the order of delivery. */
  of(alertname: string, run: string): DeliveredAlert[] {
    return this.alerts.filter(({ labels }) => labels.alertname === alertname && labels.run === run);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
