/** What stands before the gateway's paths when a proxy serves it below one (`/mist`), by the address of this script. */
export function baseOf(script: string): string {
  const found = /^https?:\/\/[^/]+(.*)\/ui\/assets\/[^/]+$/.exec(script);
  return found?.[1] ?? '';
}

export const base = baseOf(import.meta.url);
