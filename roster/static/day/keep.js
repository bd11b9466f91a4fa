// Keeps the sheets of today and tomorrow, as they would hang on a wall, in this browser: for the hour in which the
// service is down (docs/adr, worker.js shows them). Nothing of it says why anybody is away.
const NAME = "day-sheets"
const sheet = document.querySelector("[data-keep]")

if (sheet && "serviceWorker" in navigator && "caches" in window) keep(sheet.dataset.keep.split(" "))

async function keep(addresses) {
  try {
    await navigator.serviceWorker.register("/day-worker.js", { scope: "/" })
    const store = await caches.open(NAME)
    const styles = [...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href)
    await Promise.all(styles.map(async (href) => (await store.match(href)) ?? store.add(href)))
    for (const address of addresses) {
      const answer = await fetch(address)
      if (!answer.ok || answer.redirected) return
      const headers = new Headers(answer.headers)
      headers.set("x-kept-at", new Date().toISOString())
      await store.put(address, new Response(await answer.text(), { headers }))
    }
    await forgetOtherDays(store, addresses)
  } catch {
    // Storage may be switched off or full: then there is no copy.
  }
}

// Copies of days that are over go; what is kept is of today and tomorrow.
async function forgetOtherDays(store, addresses) {
  const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/London" })
  for (const request of await store.keys()) {
    const day = new URL(request.url).pathname.match(/^\/day\/[^/]+\/(\d{4}-\d{2}-\d{2})\//)?.[1]
    if (day && day < today) await store.delete(request)
  }
}
