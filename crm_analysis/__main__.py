"""``python -m crm_analysis`` is the command ``crm``."""

from crm_analysis.cli import main

main()
