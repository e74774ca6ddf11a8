# The market simulator, trained on the bundled S&P 500; the results are in /work/runs.
#
#   docker build -t keras-wgan . && docker run -v "$PWD/runs:/work/runs" keras-wgan
FROM python:3.11-slim
COPY . /source
RUN pip install --no-cache-dir /source && rm -r /source
WORKDIR /work
ENTRYPOINT ["keras-wgan"]
CMD ["train", "sp500"]
