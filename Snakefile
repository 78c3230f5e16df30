# frugalseg: how few labels does your segmentation need, and which way of learning gets there?
#
#   snakemake --cores 8 reports/all                                  every data set that `run` names
#   snakemake --cores 8 reports/all --config 'run=[kolektorsdd2]'    another one
#   snakemake --cores 8 reports/builtin/index.html                   one report


include: "workflow/rules/common.smk"  # reads and checks params.yaml


# for Snakemake's report and for jobs on other machines, which get this file
configfile: "params.yaml"


rule:
    name:
        paths.ALL_REPORTS
    default_target: True
    input:
        paths.INDEX_PAGE,
        expand([paths.PAGE, paths.DETAILS], dataset=PLANS),
        expand(paths.FIGURES, dataset=PLANS),
        expand(paths.SCORES, dataset=PLANS),
        expand(paths.METRICS, dataset=PLANS),
        expand(paths.CONFUSION, dataset=PLANS),
        expand(paths.TABLE, dataset=PLANS, table=paths.TABLES),


include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/statistics.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/index.smk"


onstart:
    warn_of_weak_plans(STUDY.params, logger)
    if workflow.local_exec:
        fork_server.start([job.rule.name for job in workflow.dag.needrun_jobs()])
