import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { plansQuery } from '../plan/queries';
import { isOpen } from '../plan/states';
import { IdentityBar } from './IdentityBar';

/** The frame of every page: who you are, where you can go, and the page. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else if (!pathname.startsWith('/threads/')) main.current?.focus();
  }, [pathname]);
  const plans = useQuery(plansQuery());
  const open = plans.data?.filter((plan) => isOpen(plan, Date.now())).length ?? 0;
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
        Skip to the page
      </a>
      <IdentityBar />
      <div className="frame">
        <nav className="nav" aria-label="Pages">
          <ul>
            <li>
              <Link to="/" aria-current={pathname === '/' || pathname.startsWith('/threads/') ? 'page' : undefined}>
                Chat
              </Link>
            </li>
            <li>
              <NavLink to="/plans">
                Plans
                {open > 0 && (
                  <span className="count">
                    {open}
                    <span className="hidden"> open</span>
                  </span>
                )}
              </NavLink>
            </li>
            <li>
              <NavLink to="/tools">Tools</NavLink>
            </li>
            <li>
              <NavLink to="/audit">Audit</NavLink>
            </li>
          </ul>
        </nav>
        <main className="main" id="main" ref={main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </>
  );
}
