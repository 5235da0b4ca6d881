// A picture of a cover that does not come is taken away: the drawn cover beneath it is whole.
const gone = (picture) => { picture.hidden = true }
document.addEventListener('error', (event) => { if (event.target.matches?.('.cover img')) gone(event.target) }, true)
for (const picture of document.querySelectorAll('.cover img')) if (picture.complete && !picture.naturalWidth) gone(picture)
