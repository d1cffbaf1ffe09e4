// Named checks, one after the other: each prints its line, the sum decides the exit code.
let passed = 0;
const failed = [];

/** Runs one check; its failure is told and does not stop the others. */
export async function check(name, act) {
  try {
    await act();
    passed++;
    console.log(`ok    ${name}`);
  } catch (fault) {
    failed.push(name);
    console.log(`FAIL  ${name}\n${indent(fault.stack ?? fault)}`);
  }
}

/** Prints the sum and answers the exit code. */
export function sum() {
  console.log(`${passed} passed, ${failed.length} failed`);
  failed.forEach((name) => console.log(`  failed: ${name}`));
  return failed.length === 0 && passed > 0 ? 0 : 1;
}

function indent(text) {
  return String(text)
    .split("\n")
    .slice(0, 40)
    .map((line) => `      ${line}`)
    .join("\n");
}
