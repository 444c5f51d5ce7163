// What is shown, kept in the address, so that it can be sent to somebody or opened again.

const PAUSE_MS = 250;
let waiting = 0;
let changes = {};

// Other parameters of the address stay, such as the filters of the history; null removes one.
export const withQuery = (href, query) => {
  const url = new URL(href, location);
  for (const [name, value] of Object.entries(query)) {
    url.searchParams.delete(name);
    if (value !== null) url.searchParams.append(name, value);
  }
  url.search = url.search.replaceAll("%2C", ",");
  return url;
};

export const keep = (query) => history.replaceState(history.state, "", withQuery(location.href, query));

// For what changes many times a second; browsers allow some 200 changes in half a minute.
export const keepSoon = (query) => {
  Object.assign(changes, query);
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    keep(changes);
    changes = {};
  }, PAUSE_MS);
};

export const inAddress = (name) => new URLSearchParams(location.search).get(name);
