import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { call } from '../api/client';
import type { AuditPageJson } from '../api/types';
import { Page } from '../shell/Page';
import { Empty, Failure, Loading } from '../shell/states';
import { summary } from './records';

const FIELDS = ['from', 'to', 'user', 'tool', 'site', 'decision', 'outcome', 'q'] as const;
type Field = (typeof FIELDS)[number];

/** The audit log as the caller may see it, with filters that are part of the address. */
export function AuditPage() {
  const [address, setAddress] = useSearchParams();
  const current = Object.fromEntries(FIELDS.map((field) => [field, address.get(field) ?? ''])) as Record<Field, string>;
  const [form, setForm] = useState(current);
  const records = useInfiniteQuery({
    queryKey: ['audit', current],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams();
      for (const field of FIELDS) {
        const value = current[field];
        if (value) query.set(field, field === 'from' || field === 'to' ? iso(value) : value);
      }
      if (pageParam) query.set('cursor', pageParam);
      const text = query.toString();
      return call<AuditPageJson>(`/audit${text ? `?${text}` : ''}`, { signal });
    },
    getNextPageParam: (page) => page.cursor || undefined,
  });
  const rows = records.data?.pages.flatMap((page) => page.records) ?? [];
  const set = (field: Field) => (event: { currentTarget: { value: string } }) => {
    const value = event.currentTarget.value;
    setForm((known) => ({ ...known, [field]: value }));
  };
  const go = (wanted: Record<Field, string>) => {
    setForm(wanted);
    setAddress(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== '')));
  };
  const filtered = FIELDS.some((field) => current[field] !== '');
  return (
    <Page title="Audit">
      <form
        aria-label="Filters"
        onSubmit={(event) => {
          event.preventDefault();
          go(form);
        }}
      >
        <div className="filters">
          <TextInput label="From" type="datetime-local" value={form.from} onChange={set('from')} />
          <TextInput label="To" type="datetime-local" value={form.to} onChange={set('to')} />
          <TextInput label="User" value={form.user} onChange={set('user')} />
          <TextInput label="Tool" value={form.tool} onChange={set('tool')} />
          <TextInput label="Site" value={form.site} onChange={set('site')} />
          <NativeSelect label="Decision" value={form.decision} onChange={set('decision')} data={[{ value: '', label: 'any' }, 'allow', 'deny']} />
          <NativeSelect
            label="Outcome"
            value={form.outcome}
            onChange={set('outcome')}
            data={[{ value: '', label: 'any' }, 'done', 'planned', 'denied', 'failed']}
          />
          <TextInput label="Words" type="search" value={form.q} onChange={set('q')} />
          <div className="row">
            <Button type="submit">Show</Button>
            {filtered && (
              <Button variant="default" onClick={() => go(Object.fromEntries(FIELDS.map((field) => [field, ''])) as Record<Field, string>)}>
                Clear
              </Button>
            )}
          </div>
        </div>
      </form>
      {records.isPending && <Loading what="the records" />}
      {records.isError && <Failure title="The records cannot be shown" problem={records.error} retry={() => void records.refetch()} />}
      {records.data && rows.length === 0 && (
        <Empty title={filtered ? 'No record fits the filters' : 'No record yet'}>
          <p>Each call leaves a record before it is made and one after. You see your own; a grant opens all.</p>
        </Empty>
      )}
      {rows.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="Records">
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">Record</th>
                <th scope="col">When</th>
                <th scope="col">Event</th>
                <th scope="col">Who</th>
                <th scope="col">Tool</th>
                <th scope="col">Site</th>
                <th scope="col">Result</th>
                <th scope="col">Rule</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((record, position) => {
                const row = summary(record);
                return (
                  <tr key={`${row.index}-${position}`}>
                    <td>
                      <Link className="link" to={`/audit/${encodeURIComponent(row.index)}`}>
                        {row.index || '–'}
                      </Link>
                    </td>
                    <td>{row.at}</td>
                    <td className="mono">{row.event}</td>
                    <td>{row.who}</td>
                    <td className="mono">{row.tool}</td>
                    <td>{row.site}</td>
                    <td>{row.result && <span className={`pill ${row.tone}`}>{row.result}</span>}</td>
                    <td className="mono">{row.rule}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {records.hasNextPage && (
        <div>
          <Button variant="default" loading={records.isFetchingNextPage} onClick={() => void records.fetchNextPage()}>
            Older records
          </Button>
        </div>
      )}
    </Page>
  );
}

function iso(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? local : at.toISOString();
}
