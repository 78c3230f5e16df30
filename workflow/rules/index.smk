rule index:
    input:
        summaries=expand(paths.SUMMARY, dataset=PLANS),
    output:
        paths.INDEX_PAGE,
    log:
        f"{paths.ALL_LOGS}/index.log",
    benchmark:
        f"{paths.ALL_LOGS}/index.tsv"
    params:
        code=lambda w: rule_params.code("index", STUDY, STUDY.params.run[0]),
    script:
        "../scripts/index.py"
