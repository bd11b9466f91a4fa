"""The start page of ``./run``: which address is what, and who can sign in.

    python -m foundation.standins.start --port 8000 --folder DIR

It shows what ``DIR/start.json`` says: {"title", "places": [{"about", "url"}], "people": [{"name", "email",
"password", "about", "url"}]}.
"""

import json

from foundation.standins.server import Handler, StandIn, arguments, serve


class Start(Handler):
    def page(self, path: str) -> bool:
        if path != "/":
            return False
        self.send_page("start.html", **json.loads((self.server.folder / "start.json").read_text()))
        return True

    def outside(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str]]:
        return 404, {"error": "There is only one page here: /"}


class StartPage(StandIn):
    name = "Start page"


def main() -> None:
    options = arguments("The start page of ./run.", port=8000).parse_args()
    serve(lambda: StartPage(options.port, options.folder, Start))


if __name__ == "__main__":
    main()
