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
        "reports/all"
    default_target: True
    input:
        "reports/index.html",
        expand("reports/{dataset}/index.html", dataset=PLANS),
        expand("reports/{dataset}/figures/figures.json", dataset=PLANS),
        expand("results/{dataset}/scores.csv", dataset=PLANS),
        expand("results/{dataset}/metrics.json", dataset=PLANS),
        expand("results/{dataset}/confusion.csv", dataset=PLANS),
        expand(f"{STATISTICS}/{{table}}.csv", dataset=PLANS, table=TABLES),


include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/weak.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/report.smk"


onstart:
    if workflow.local_exec:
        lift_default_limit(workflow)
        fork_server.start(heavy_jobs(workflow.dag.needrun_jobs()))
