import { ActionIcon, useMantineColorScheme } from '@mantine/core';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const SIGN = { auto: '◐', light: '☀', dark: '☾' } as const;
const NAME = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

/** Goes through light, dark and the system's choice. */
export function SchemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const label = `Colours: ${NAME[colorScheme]}. Change to ${NAME[NEXT[colorScheme]]}`;
  return (
    <ActionIcon variant="default" size={30} aria-label={label} title={label} onClick={() => setColorScheme(NEXT[colorScheme])}>
      <span aria-hidden="true">{SIGN[colorScheme]}</span>
    </ActionIcon>
  );
}
