/** Says what went wrong, in the words of whoever knows: Grafana's fetch errors carry the answer's message in `data`. */
export function faultText(fault: unknown): string {
  if (typeof fault === 'object' && fault !== null) {
    const { message, data, statusText } = fault as {
      message?: unknown;
      data?: { message?: unknown };
      statusText?: unknown;
    };
    const text = [message, data?.message, statusText].find((one) => typeof one === 'string' && one !== '');
    if (typeof text === 'string') {
      return text;
    }
  }
  return typeof fault === 'string' && fault !== '' ? fault : 'Unknown error';
}
