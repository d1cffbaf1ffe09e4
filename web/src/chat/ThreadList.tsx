import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { when } from '../api/format';
import { Failure, Loading } from '../shell/states';
import { threadsQuery } from './thread';

/** The caller's chats, and a new one. */
export function ThreadList({ current }: { current: string }) {
  const [open, setOpen] = useState(false);
  const threads = useQuery({ ...threadsQuery(), enabled: open });
  return (
    <>
      <span className="row">
        <Button variant="default" size="compact-sm" aria-expanded={open} aria-controls="threads" onClick={() => setOpen(!open)}>
          Earlier chats
        </Button>
        <Button component={Link} to="/" variant="default" size="compact-sm">
          New chat
        </Button>
      </span>
      <div id="threads" hidden={!open} className="card" style={{ flexBasis: '100%' }}>
        {open && threads.isPending && <Loading what="your chats" />}
        {threads.isError && <Failure title="Your chats cannot be shown" problem={threads.error} retry={() => void threads.refetch()} />}
        {threads.data?.length === 0 && <p className="quiet">No chat yet.</p>}
        {threads.data && threads.data.length > 0 && (
          <ul className="threads">
            {threads.data.map((thread) => (
              <li key={thread.id}>
                <Link
                  to={`/threads/${encodeURIComponent(thread.id)}`}
                  aria-current={thread.id === current ? 'page' : undefined}
                  onClick={() => setOpen(false)}
                >
                  {thread.title || 'Chat'} <span className="quiet">{when(thread.updatedAt ?? thread.createdAt)}</span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}
