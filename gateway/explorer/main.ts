import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/graphiql.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { followDocument } from './current-document.ts';
import { DEFAULT_HEADERS, DEFAULT_TABS } from './defaults.ts';
import './explorer.css';

/** GraphiQL over the graph itself: queries by HTTP, subscriptions by graphql-ws with the same headers. Nothing from elsewhere. */
const fetcher = followDocument(
  createGraphiQLFetcher({
    url: '/graphql',
    subscriptionUrl: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  }),
);

createRoot(document.getElementById('explorer')!).render(
  createElement(GraphiQL, { fetcher, defaultTabs: DEFAULT_TABS, defaultHeaders: DEFAULT_HEADERS, isHeadersEditorEnabled: true, shouldPersistHeaders: false, defaultEditorToolsVisibility: 'headers' }),
);
