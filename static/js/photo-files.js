// Which files are photos, so that nothing else is sent: by their first bytes, and in folders by their names.
// `rules` are the data of the list of photos, or of the form that takes them.

// As many as the lists of brands in ISO media files take.
const READ = 1024;

// What cannot be read here is left to the server.
export const isPhoto = async (file, { signatures }) => {
  try {
    const bytes = new Uint8Array(await file.slice(0, READ).arrayBuffer());
    return new RegExp(`^(?:${signatures})`, "s").test(String.fromCharCode(...bytes));
  } catch {
    return true;
  }
};

// A table or text of addresses, which a collection takes.
export const isList = ({ name }) => /\.(csv|tsv|txt)$/i.test(name);

// Why a file is not sent at all, if so.
export const faultOf = async (file, rules) => {
  if (!file.size) return rules.empty;
  if (!(await isPhoto(file, rules))) return isList(file) ? rules.list : rules.notPhoto;
  return file.size > rules.maxMb * 2 ** 20 ? rules.tooLarge : "";
};

// Whether a file or folder is hidden or the system's own; as in photos/folders.py.
export const isPassedOver = (name, { systemNames }) =>
  name.startsWith(".") || systemNames.split("/").includes(name.toLowerCase());

export const isNamedAsPhoto = (name, { extensions }) =>
  extensions.split(" ").some((extension) => name.toLowerCase().endsWith(extension));
