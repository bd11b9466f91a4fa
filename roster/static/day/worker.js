// Shows the kept sheet of a day when the service cannot be reached, marked with its age. Everything else goes straight
// to the service. keep.js puts sheets here; signing out empties it.
const NAME = "day-sheets"
const DOWN = [502, 503, 504]

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()))

self.addEventListener("fetch", (event) => {
  const { request } = event
  const { pathname } = new URL(request.url)
  if (request.method === "POST" && pathname === "/sign-out") event.waitUntil(caches.delete(NAME))
  if (request.method !== "GET") return
  if (request.mode === "navigate" && pathname.startsWith("/day/")) event.respondWith(page(request))
  else if (request.destination === "style") event.respondWith(style(request))
})

async function page(request) {
  try {
    const answer = await fetch(request)
    return DOWN.includes(answer.status) ? ((await kept(request)) ?? answer) : answer
  } catch (error) {
    const copy = await kept(request)
    if (copy) return copy
    throw error
  }
}

async function style(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const copy = await (await caches.open(NAME)).match(request)
    if (copy) return copy
    throw error
  }
}

// The copy of the day and screen that were asked for; else the first of that day; else any.
async function kept(request) {
  const store = await caches.open(NAME)
  const asked = new URL(request.url)
  const sheets = (await store.keys()).filter((each) => new URL(each.url).pathname.endsWith("/print"))
  const day = asked.pathname.split("/").slice(0, 4).join("/")
  const screen = asked.searchParams.get("by") ?? "post"
  const near = (each) => (each.url.includes(day + "/") ? 2 : 0) + (each.url.endsWith("by=" + screen) ? 1 : 0)
  const best = sheets.sort((one, other) => near(other) - near(one))[0]
  if (!best) return null
  const copy = await store.match(best)
  const html = (await copy.text()).replace(/<main[^>]*>/, (main) => main + notice(copy, sheets))
  return new Response(html, { headers: copy.headers })
}

function notice(copy, sheets) {
  const at = new Date(copy.headers.get("x-kept-at"))
  const minutes = Math.max(0, Math.round((Date.now() - at) / 60000))
  const time = at.toLocaleString("en-GB", { timeZone: "Europe/London", dateStyle: "long", timeStyle: "short" })
  const links = sheets.map(({ url }) => {
    const { pathname, search } = new URL(url)
    const [, , place, day] = pathname.split("/")
    const words = `${place}, ${day}, by ${new URLSearchParams(search).get("by")}`
    return `<li><a class="govuk-link" href="${pathname}${search}">${words.replace(/[<>&"]/g, "")}</a></li>`
  })
  return `<div class="day-kept govuk-inset-text" role="status"><p class="govuk-body"><strong>The service cannot be reached.</strong>
    This copy is from ${time}, ${minutes} ${minutes === 1 ? "minute" : "minutes"} ago. Nothing can be changed now.</p>
    <ul class="govuk-list">${links.join("")}</ul></div>`
}
