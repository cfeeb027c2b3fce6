import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { firstLoadBudget } from './first-load-budget.ts'

// Development only: the built pages are served by the composed app on the API's own origin.
const api = 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [react(), firstLoadBudget({ firstPage: 'src/chat/chat-page.tsx', maxBytes: 200_000 })],
  build: {
    target: 'es2023',
    // No data: addresses, so that the content security policy can stay strict.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: api, changeOrigin: false },
      '/ws': { target: api.replace('http', 'ws'), ws: true },
    },
  },
})
