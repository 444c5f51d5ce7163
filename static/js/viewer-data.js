// The faces and how they are drawn, from the JSON in the page. Faces too small for marks have only their pupils.

const read = (page) => JSON.parse(page.querySelector("#viewer-data").textContent);

// `x` and `y` are pixels of the photo, `cx` and `cy` positions on the overlay, `error` is the pixels that a guessed point
// may be off.
const listPoints = ({ regions, faces, sizes }) =>
  faces.flatMap(({ number, points, errors }) =>
    regions.flatMap(({ name, label, meanings, numbers }) =>
      (points[name] ?? []).map(([x, y], index) => ({
        face: number,
        region: name,
        index,
        label: `${label} ${numbers?.[index] ?? index}`,
        meaning: meanings[index],
        x,
        y,
        cx: x + sizes.pixel_centre,
        cy: y + sizes.pixel_centre,
        error: errors[name]?.[index],
      })),
    ),
  );

let data = read(document);
let points = data.faces ? listPoints(data) : [];

export const { sizes, largest_zoom: LARGEST_ZOOM } = data;

export const update = (page) => {
  data = read(page);
  points = listPoints(data);
};

export const allPoints = () => points;
export const pointsOf = (number) => points.filter(({ face }) => face === Number(number));
