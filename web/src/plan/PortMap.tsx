import type { PortState } from '../api/types';

const COLUMNS = 24;

/** A switch's 48 ports with the target marked; the other ports' state only where the preview tells it. */
export function PortMap({ target, ports = [] }: { target: string; ports?: PortState[] }) {
  const parts = /^(.*\/)(\d+)$/.exec(target);
  if (!parts) return null;
  const [, prefix = '', last = '0'] = parts;
  const wanted = Number(last);
  const shown = Math.max(COLUMNS * 2, Math.ceil((wanted + 1) / (COLUMNS * 2)) * COLUMNS * 2);
  if (shown > COLUMNS * 8) return null;
  const known = new Map(ports.map((port) => [port.name, port]));
  const up = ports.filter((port) => port.up).length;
  const label =
    known.size > 0
      ? `Ports of the switch: ${target} is the target; ${up} of ${known.size} ports are up`
      : `Ports of the switch: ${target} is the target; the plan does not tell the other ports' state`;
  const rows = shown / COLUMNS;
  return (
    <svg className="ports" viewBox={`0 0 ${COLUMNS * 25 + 20} ${rows * 30 + 24}`} role="img" aria-label={label}>
      {Array.from({ length: shown }, (_, number) => {
        const name = prefix + number;
        const x = 13 + Math.floor((number % (COLUMNS * 2)) / 2) * 25;
        const y = 14 + (Math.floor(number / (COLUMNS * 2)) * 2 + (number % 2)) * 30;
        const state = known.get(name);
        return (
          <g key={number}>
            <title>{`${name}${state ? (state.up ? ' is up' : ' is down') : ''}${number === wanted ? ', the target' : ''}`}</title>
            <rect
              className={`port ${state?.up ? 'up' : ''} ${number === wanted ? 'target' : ''}`}
              x={x}
              y={y}
              width={20}
              height={22}
              rx={3}
            />
            <text x={x + 10} y={y + 11.5}>
              {number}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
