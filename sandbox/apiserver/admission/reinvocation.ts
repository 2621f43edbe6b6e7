/** What mutating plugins tell each other of one request: whether all are to see it once more, because one changed the object late. */
export class Reinvocation {
  /** Whether this is the second round. */
  again = false;
  wanted = false;
  /** Webhooks that want to see the object once more when others change it after them. */
  readonly invoked = new Set<string>();
  readonly due = new Set<string>();
  /** The object as webhooks left it. */
  left: unknown = undefined;

  /** Something changed the object: who saw it before and cares sees it again. */
  changed(): void {
    for (const each of this.invoked) this.due.add(each);
    this.invoked.clear();
  }
}
