# One image for the gateway and every subgraph; the command says which.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Pages are built below, once the sources are there.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run pages && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOSTING=services HOST=0.0.0.0 APOLLO_TELEMETRY_DISABLED=1
WORKDIR /app
COPY --from=build --chown=node:node /app /app
# The sandbox's journal; a volume mounted here takes over the owner.
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 4000
CMD ["node", "--import", "tsx", "gateway/main.ts"]
