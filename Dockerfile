# syntax=docker/dockerfile:1
FROM node:20-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:20-slim
ENV NODE_ENV=production
WORKDIR /opt/tenantcrypt
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY config ./config
# uid 1000; nothing here is writable for it, and nothing needs to be.
USER node
EXPOSE 3307
# /healthz listens on loopback (metrics in the configuration) and opens no connection to the database.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/opt/tenantcrypt/dist/main.js"]
CMD ["serve", "--config", "/etc/tenantcrypt/tenantcrypt.yaml"]
