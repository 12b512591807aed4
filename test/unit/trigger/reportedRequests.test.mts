import type { IDataObject } from 'n8n-workflow';
import { markReported } from '../../../nodes/FalLtxVideoTrigger/reportedRequests';

/** n8n's static data as another process, or this one after a restart, reads it. */
const saved = (data: IDataObject) => JSON.parse(JSON.stringify(data)) as IDataObject;

test('a request is handled once, whether its process lives on or not', () => {
	const data: IDataObject = {};
	expect(markReported('w/one', data, 'r1')).toBe(true);
	expect(markReported('w/one', data, 'r1')).toBe(false);
	expect(markReported('w/restarted', saved(data), 'r1')).toBe(false);
});

test('calls that meet in one process know of each other before n8n has saved anything', () => {
	expect(markReported('w/two', {}, 'r1')).toBe(true);
	expect(markReported('w/two', {}, 'r1')).toBe(false);
});

test('other triggers handle it for themselves', () => {
	expect(markReported('w/three', {}, 'r1')).toBe(true);
	expect(markReported('w/four', {}, 'r1')).toBe(true);
});

test('the last thousand are remembered, and no more', () => {
	const data: IDataObject = {};
	for (let i = 0; i <= 1000; i++) expect(markReported('w/five', data, `r${i}`)).toBe(true);
	expect(data['handledRequests']).toHaveLength(1000);
	expect(markReported('w/five', data, 'r1')).toBe(false);
	expect(markReported('w/five', data, 'r0')).toBe(true);
});
