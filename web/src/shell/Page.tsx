import { useEffect, type ReactNode } from 'react';

/** A page with its heading; names the browser's tab. */
export function Page({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Mist MCP Gateway`;
  }, [title]);
  return (
    <div className="page stack">
      <div className="row apart">
        <h1>{title}</h1>
        {aside}
      </div>
      {children}
    </div>
  );
}
