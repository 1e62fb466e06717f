import { render } from 'preact';
import { App } from './shell/app.tsx';
import './styles/base.css';
import './styles/shop.css';
import './styles/checkout.css';

render(<App />, document.getElementById('app')!);
