import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import { count } from '../api/format';
import type { ToolEntry } from '../api/types';
import { DenialText } from '../chat/DenialText';
import { Page } from '../shell/Page';
import { Empty, Failure, Loading, RawJson } from '../shell/states';

/** Every tool, and whether the caller may call it now: by which rule, and what would change that. */
export function ToolsPage() {
  const tools = useQuery({
    queryKey: ['tools'],
    queryFn: async ({ signal }) => (await call<{ tools: ToolEntry[] }>('/tools', { signal })).tools,
  });
  const [words, setWords] = useState('');
  const [shown, setShown] = useState('all');
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = (tools.data ?? []).filter((tool) => {
    const text = `${tool.name} ${tool.title ?? ''} ${tool.description ?? ''} ${tool.upstream ?? ''}`.toLowerCase();
    const fits = shown === 'all' || (shown === 'allowed') === tool.allowed;
    return fits && wanted.every((word) => text.includes(word));
  });
  return (
    <Page title="Tools">
      <div className="filters">
        <TextInput label="Search" type="search" value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        <NativeSelect
          label="For you now"
          value={shown}
          onChange={(event) => setShown(event.currentTarget.value)}
          data={[
            { value: 'all', label: 'All tools' },
            { value: 'allowed', label: 'Allowed' },
            { value: 'denied', label: 'Denied' },
          ]}
        />
      </div>
      {tools.isPending && <Loading what="the tools" />}
      {tools.isError && <Failure title="The tools cannot be shown" problem={tools.error} retry={() => void tools.refetch()} />}
      {tools.data && (
        <p className="quiet" role="status">
          {rows.length} of {count(tools.data.length, 'tool')}
        </p>
      )}
      {tools.data?.length === 0 && (
        <Empty title="No tool">
          <p>No server behind the gateway offers one. The readiness check at /readyz says which server is missing and why.</p>
        </Empty>
      )}
      {tools.data && tools.data.length > 0 && rows.length === 0 && <Empty title="Nothing fits the search" />}
      {rows.map((tool) => (
        <article className="card stack" key={`${tool.upstream}/${tool.name}`} aria-label={tool.name}>
          <div className="row">
            <h2 className="mono tool-name" style={{ margin: 0 }}>{tool.name}</h2>
            <span className={`pill ${tool.allowed ? 'good' : 'bad'}`}>{tool.allowed ? 'Allowed' : 'Denied'}</span>
            <span className={`pill ${tool.write ? 'warn' : ''}`}>{tool.write ? 'Write' : 'Read'}</span>
            {tool.upstream && <span className="quiet">{tool.upstream}</span>}
          </div>
          {tool.title && tool.title !== tool.name && <strong>{tool.title}</strong>}
          {tool.description && <p style={{ margin: 0 }}>{tool.description}</p>}
          {tool.denial ? (
            <DenialText denial={tool.denial} />
          ) : (
            tool.rule && (
              <p className="quiet" style={{ margin: 0 }}>
                By rule <code>{tool.rule}</code>
                {tool.write && ': a call makes a plan; only an approved plan changes anything'}
              </p>
            )
          )}
          {tool.inputSchema !== undefined && <RawJson value={tool.inputSchema} label={`Arguments of ${tool.name}`} />}
        </article>
      ))}
    </Page>
  );
}
