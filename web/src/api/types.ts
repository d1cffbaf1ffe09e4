import type { Asked } from '../chat/question';

/** The JSON of the gateway's HTTP interface, as far as the page reads it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Why a sign-in was refused. */
export interface Refusal {
  code: string;
  detail: string;
  requestId?: string;
}

export interface Session {
  iss: string;
  sub: string;
  email?: string | null;
  role: string;
  roleSource?: { claim?: string; value?: string };
  sites?: string[];
  siteCount?: number;
  authMode: string;
  writeEnabled: boolean;
  mist?: { simulated: boolean; host?: string };
  model?: ModelFacts;
  expiresAt?: string | number;
  csrf: string;
  /** When the human last proved who they are, as far as the gateway knows. */
  provenAt?: string;
  endsAt?: string;
  /** Whether the gateway renews the sign-in before its token ends. */
  renews?: boolean;
  /** Why it will not, although it was to. */
  trouble?: string;
  refusal?: Refusal;
}

/** The model in use, by its label alone or with its provider. */
export type ModelFacts = string | { provider: string; name?: string; label?: string };

export interface Denial {
  code?: string;
  rule?: string;
  reason?: string;
  remedy?: string;
}

export interface ToolCall {
  tool: string;
  arguments?: Json;
  mode?: string;
  outcome: string;
  denial?: Denial;
  error?: { code?: string; message?: string; detail?: string } | string;
  durationMs?: number;
  auditIndex?: number;
  plan?: string;
  result?: Json;
  /** What the call's server asked of the person, and what came of it. */
  asked?: Asked[];
}

export interface Target {
  kind?: string;
  id?: string;
  name?: string;
  siteId?: string;
  siteName?: string;
}

export interface DiffEntry {
  op: string;
  path: string;
  from?: Json;
  to?: Json;
}

export interface PortState {
  name: string;
  up?: boolean;
  usage?: string;
}

export interface HistoryEntry {
  at?: string;
  state: string;
  by?: string;
  detail?: Json;
}

export interface Plan {
  id: string;
  state: string;
  tool: string;
  arguments?: Json;
  createdAt: string | number;
  expiresAt: string | number;
  level: string;
  url?: string;
  own?: boolean;
  targets?: Target[];
  requests?: { method?: string; path?: string; summary?: string; body?: Json }[];
  before?: Json;
  after?: Json;
  diff?: DiffEntry[];
  beforeHash?: string;
  changeDigest?: string;
  impact?: Json;
  warnings?: Json[];
  reversible?: boolean;
  undo?: { tool?: string; arguments?: Json; impossible?: string };
  phrase?: string;
  ports?: PortState[];
  approval?: { by?: string; at?: string; level?: string };
  history?: HistoryEntry[];
  result?: { [key: string]: Json };
  replayed?: boolean;
}

export type Suggestion = string | { label: string; message: string };

export interface ChatAnswer {
  thread: string;
  text: string;
  toolCalls?: ToolCall[];
  plans?: Plan[];
  suggestions?: Suggestion[];
  model?: ModelFacts;
  error?: { code: string; message: string };
}

export interface ThreadSummary {
  id: string;
  title?: string;
  createdAt?: string;
  updatedAt?: string;
}

export interface ThreadMessage {
  role: string;
  text?: string;
  at?: string;
  toolCalls?: ToolCall[];
  plans?: Plan[];
  suggestions?: Suggestion[];
  model?: ModelFacts;
  error?: { code: string; message: string };
  /** What each tool call gave, as JSON text, in the order of the calls. */
  results?: string[];
}

export interface ToolEntry {
  name: string;
  upstream?: string;
  title?: string;
  description?: string;
  write: boolean;
  allowed: boolean;
  rule?: string;
  denial?: Denial;
  inputSchema?: Json;
}

export type AuditRecord = { [key: string]: Json };

export interface AuditPageJson {
  records: AuditRecord[];
  cursor?: string;
}
