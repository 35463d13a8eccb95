namespace PortMgmt.Operations;

/// <summary>
/// What runs operations, one at a time: the seam between a batch and an executor of any kind. A batch makes workers as work asks for
/// them, gives each a lane of its own, and never runs anything itself.
/// </summary>
/// <typeparam name="TInput">What the executor works on.</typeparam>
/// <typeparam name="TResult">What the executor makes of it.</typeparam>
/// <remarks>
/// <para>A worker pulls. On a thread of its own it blocks in <see cref="OperationLane{TInput, TResult}.Next"/>:</para>
/// <code>
/// void Wake(lane) =&gt; new Thread(() =&gt;
/// {
///     while (lane.Next(out Operation&lt;string&gt;? operation))
///     {
///         try { lane.Succeed(Run(operation.Input, lane.Token)); }
///         catch (Exception e) { lane.Fail(e); }
///     }
/// }).Start();
/// </code>
/// <para>
/// Without a thread of its own it calls <see cref="OperationLane{TInput, TResult}.TryNext"/> until that says false, then ends; it is
/// woken again when there is work. Chunks of many operations are behind both, so that most calls touch no lock. A worker ends
/// each operation that it got with exactly one <c>Succeed</c> or <c>Fail</c> before it asks for the next, or says
/// <see cref="OperationLane{TInput, TResult}.Lost"/> and is never asked again.
/// </para>
/// <para>It is disposed of once, after its pull has ended. The batch's completion waits for that; an exception from it is dropped.</para>
/// </remarks>
public interface IOperationWorker<TInput, TResult> : IDisposable
{
    /// <summary>
    /// There is work on the lane: start pulling, elsewhere, and return at once. Called first when the worker was just made. A worker whose
    /// <c>TryNext</c> said false is called again for the next work, perhaps before that call has returned to it; one that blocks in
    /// <c>Next</c> is not. An exception counts as the loss of the worker.
    /// </summary>
    /// <param name="lane">The worker's lane, always the same one.</param>
    void Wake(OperationLane<TInput, TResult> lane);
}
