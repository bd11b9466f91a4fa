"""Send a submitted report back to its deputy (until the staff pages do it)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.accounts.models import User
from foundation.accounts.service import is_staff
from reporting.reports.models import Report
from reporting.submissions import actions


class Command(BaseCommand):
    help = "Re-open a submitted report: manage.py reopen REPORT SECTION [SECTION ...] --by STAFF-EMAIL --reason WHY"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("report", type=int)
        parser.add_argument("sections", nargs="+", help="ids of the sections that need changes, such as moneyIn")
        parser.add_argument("--by", required=True, help="e-mail address of the member of staff")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = Report.objects.get(pk=options["report"])
            staff = User.objects.get_by_natural_key(options["by"])
            if not is_staff(staff):
                raise User.DoesNotExist
            actions.reopen(report, options["sections"], by=staff, reason=options["reason"])
        except (Report.DoesNotExist, User.DoesNotExist):
            raise CommandError("There is no such report or no such member of staff.") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Report {report.pk} is open for changes in: {', '.join(options['sections'])}")
