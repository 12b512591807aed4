import { canCallBack, isPublicAddress } from '../../../../nodes/FalLtxVideo/fal/http/publicAddress';

test.each([
	'https://n8n.example.com/webhook/1',
	'http://n8n.example.com:5678/',
	'https://8.8.8.8/',
	'https://[2606:4700::1111]/',
	'https://localhost.example.com/',
])('%s is public', (url) => {
	expect(isPublicAddress(url)).toBe(true);
});

test.each([
	'http://localhost:5678/',
	'http://n8n.localhost/',
	'http://localhost.localdomain/',
	'https://kubernetes.default.svc/',
	'http://127.0.0.1:5678/',
	'http://127.1/',
	'http://2130706433/',
	'http://0.0.0.0:5678/',
	'http://10.1.2.3/',
	'http://172.16.0.1/',
	'http://192.168.1.2/',
	'http://169.254.1.1/',
	'http://100.64.1.1/',
	'http://[::1]:5678/',
	'http://[fd00::1]/',
	'http://[fe80::1]/',
	'http://[::ffff:10.0.0.1]/',
	'http://n8n:5678/',
	'http://n8n.local/',
	'http://n8n.local./',
	'http://localhost../',
	'http://n8n.local.../',
	'http://127.0.0.1../',
	'http://n8n./',
	'http://N8N.INTERNAL/',
	'http://n8n.default.svc.internal/',
])('%s is not', (url) => {
	expect(isPublicAddress(url)).toBe(false);
});

test('a fal in the same network reaches what n8n reaches', () => {
	const local = 'http://127.0.0.1:5678/webhook';
	expect(canCallBack('https://queue.fal.run', local)).toBe(false);
	expect(canCallBack('http://127.0.0.1:8701', local)).toBe(true);
	expect(canCallBack('https://queue.fal.run', 'https://n8n.example.com/webhook')).toBe(true);
});
