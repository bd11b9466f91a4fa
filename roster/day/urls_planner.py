"""The day of operation on the planners' face."""

from django.urls import path

import roster.dates
import roster.demand.urls_planner  # noqa: F401 - <day:...> and <demand_key:...> in addresses
from roster.day import case_views, correction_views, duty_views, gap_views, now_views, sheet_views

DAY = "day/<slug:place>/<day:day>/"
GAP = f"{DAY}gap/<demand_key:key>/<int:start>/"
PERSON = f"{DAY}people/<int:person_id>/"

urlpatterns = [
    path("day-worker.js", sheet_views.worker, name="day_worker"),
    path("day/", sheet_views.today, name="day"),
    path("day/choose", sheet_views.choose, name="day_choose"),
    path("day/corrections", correction_views.waiting, name="corrections"),
    path("day/corrections/<int:correction_id>", correction_views.correction, name="correction"),
    path("day/region", now_views.region, name="day_region"),
    path("day/region/<slug:place>", now_views.region_row, name="day_region_row"),
    path("day/<slug:place>/now", now_views.now, name="day_now"),
    path("day/<slug:place>/cases/<int:case_id>", case_views.case, name="day_case"),
    path(DAY, sheet_views.sheet, name="day_sheet"),
    path(f"{DAY}print", sheet_views.printed, name="day_print"),
    path(f"{DAY}sheet.<slug:form>", sheet_views.export, name="day_export"),
    path(f"{DAY}issues", sheet_views.issue_sheet, name="day_issue_sheet"),
    path(f"{DAY}issues/<int:number>", sheet_views.issue, name="day_issue"),
    path(f"{DAY}log", now_views.log, name="day_log"),
    path(f"{DAY}cases", case_views.cases, name="day_cases"),
    path(f"{DAY}on-call", case_views.on_call, name="day_on_call"),
    path(f"{DAY}on-call/<int:duty_id>/off", case_views.off_call, name="day_off_call"),
    path(GAP, gap_views.gap, name="day_gap"),
    path(f"{GAP}replans", gap_views.replans, name="day_replans"),
    path(f"{GAP}replan", gap_views.replan, name="day_replan"),
    path(f"{GAP}<int:person_id>", gap_views.assign, name="day_assign"),
    path(PERSON, duty_views.person, name="day_person"),
    path(f"{PERSON}move", duty_views.move, name="day_move"),
    path(f"{PERSON}actual", duty_views.deviate, name="day_deviate"),
    path(f"{PERSON}actual/<int:deviation_id>", duty_views.decide, name="day_decide"),
    path(f"{PERSON}correct/<slug:what>", correction_views.ask, name="correction_ask"),
    path(f"{PERSON}call-out", duty_views.call_out, name="day_call_out"),
]
