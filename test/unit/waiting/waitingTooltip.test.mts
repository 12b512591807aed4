import type { INodeParameters } from 'n8n-workflow';
import { FalLtxVideo } from '../../../nodes/FalLtxVideo/FalLtxVideo.node';
import { evaluated, workflowOf } from '../editorExpression.mts';

const node = new FalLtxVideo();

/** What n8n's editor says of a node at which an execution waits. */
function tooltip(parameters: INodeParameters): unknown {
	const { workflow, saved } = workflowOf(node, parameters);
	saved.parameters = parameters;
	return evaluated(workflow, saved, node.description.waitingNodeTooltip!);
}

const video = { resource: 'video', operation: 'textToVideo' };

test.each(['webhook', '={{ $json.mode }}', '={{ $("No").item.x }}'])(
	'with Wait Mode %s it says what is waited for',
	(waitMode) => {
		expect(tooltip({ ...video, options: { waitMode } })).toContain('fal calls its webhook');
	},
);

test.each<INodeParameters>([
	{ ...video, options: { waitMode: 'stream' } },
	{ ...video, options: { waitMode: 'none' } },
	{ ...video, options: {} },
	{ ...video, options: '={{ $json.options }}' },
	{ resource: 'request', operation: 'getStatus' },
	{},
])('nothing for %j', (parameters) => {
	expect(tooltip(parameters)).toBe('');
});
