// Photos on their way from the page on which they were dropped to the one that sends them: in a database of the browser,
// from which the tab that put them there takes them once.

const NAME = "carried-photos";
const LIFETIME_MS = 600_000;

const resultOf = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const open = () => {
  const request = indexedDB.open(NAME);
  request.onupgradeneeded = () => request.result.createObjectStore(NAME);
  return resultOf(request);
};

// Photos of a tab that was closed on the way are deleted, too.
const change = async (action) => {
  const database = await open();
  const transaction = database.transaction(NAME, "readwrite");
  const store = transaction.objectStore(NAME);
  store.delete(IDBKeyRange.upperBound(Date.now() - LIFETIME_MS));
  const result = action(store);
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
  return result.result;
};

// Rejects where the browser keeps nothing, or has no room.
export const carry = async (photos) => {
  const key = Date.now() + Math.random();
  await change((store) => store.put(photos, key));
  sessionStorage.setItem(NAME, key);
};

// What this tab carries; undefined if that is nothing.
export const takeCarried = async () => {
  const key = Number(sessionStorage.getItem(NAME));
  if (!key) return undefined;
  sessionStorage.removeItem(NAME);
  return change((store) => {
    const photos = store.get(key);
    store.delete(key);
    return photos;
  });
};
