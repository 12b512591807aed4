import type { Price } from '../../endpoints/Endpoint';
import { type HintContext, showHint } from './showHint';
import { costLine, type VideoCost } from '../../cost/actualCost';

/** What the finished videos of one run cost, told on the canvas at its end. */
export class RunCost {
	private readonly costs: VideoCost[] = [];

	constructor(private readonly price: Price) {}

	/** Told of each finished video. */
	readonly note = (cost: VideoCost): void => {
		this.costs.push(cost);
	};

	/** Shows the sum, if there is anything to sum up. */
	tell(context: HintContext): void {
		if (this.costs.length === 0) return;
		showHint(context, costLine(this.costs, this.price));
	}
}
