import { Link } from 'react-router';
import { Page } from './Page';

/** An address that no page has. */
export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <p>
        The address may be mistyped, or it is one of the HTTP interface. <Link className="link" to="/">Go to the chat</Link>
      </p>
    </Page>
  );
}
