import { Route, Routes } from 'react-router';
import { AuditPage } from './audit/AuditPage';
import { AuditRecordPage } from './audit/AuditRecordPage';
import { ChatPage } from './chat/ChatPage';
import { PlanPage } from './plan/PlanPage';
import { PlansPage } from './plan/PlansPage';
import { SessionGate } from './session/SessionGate';
import { NotFoundPage } from './shell/NotFoundPage';
import { Shell } from './shell/Shell';
import { ToolsPage } from './tools/ToolsPage';

/** Every page, behind the sign-in and inside the frame. */
export function App() {
  return (
    <SessionGate>
      <Routes>
        <Route element={<Shell />}>
          <Route index element={<ChatPage />} />
          <Route path="sign-in" element={<ChatPage />} />
          <Route path="threads/:thread" element={<ChatPage />} />
          <Route path="plans" element={<PlansPage />} />
          <Route path="plans/:id" element={<PlanPage />} />
          <Route path="tools" element={<ToolsPage />} />
          <Route path="audit" element={<AuditPage />} />
          <Route path="audit/:index" element={<AuditRecordPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </SessionGate>
  );
}
