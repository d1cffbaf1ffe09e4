import { when } from '../api/format';
import { blocks, spans } from './markup';

/** An answer's text. Every piece becomes a text node: there is no way for it to become markup of the page, or a link. */
export function Markup({ text }: { text: string }) {
  return (
    <div className="markup">
      {blocks(text).map((block, index) => {
        switch (block.kind) {
          case 'paragraph':
            return (
              <p key={index} style={{ whiteSpace: 'pre-line' }}>
                <Inline text={block.text} />
              </p>
            );
          case 'heading':
            return (
              <h3 key={index}>
                <Inline text={block.text} />
              </h3>
            );
          case 'code':
            return (
              <pre className="raw" key={index} tabIndex={0} role="group" aria-label="Code">
                {block.text}
              </pre>
            );
          case 'list': {
            const items = block.items.map((item, position) => (
              <li key={position}>
                <Inline text={item} />
              </li>
            ));
            return block.ordered ? <ol key={index}>{items}</ol> : <ul key={index}>{items}</ul>;
          }
          case 'table':
            return <Table key={index} head={block.head} rows={block.rows} />;
        }
      })}
    </div>
  );
}

/** A table that scrolls by itself when it is too wide. */
export function Table({ head, rows }: { head: string[]; rows: string[][] }) {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={`Table: ${head.join(', ')}`}>
      <table className="grid">
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col">
                <Inline text={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {head.map((_, column) => (
                <td key={column}>
                  <Inline text={row[column] ?? ''} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Text of one line, with code, strong text and instants as people read them. */
export function Inline({ text }: { text: string }) {
  return spans(text).map((span, index) =>
    span.kind === 'code' ? <code key={index}>{span.text}</code> : span.kind === 'strong' ? <strong key={index}>{span.text}</strong> : readable(span.text),
  );
}

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const readable = (text: string) => text.replace(INSTANT, (instant) => when(instant));
