using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class BackPressureTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void TryEnqueue_Full_SaysFalseAndReadingMakesRoomForAsMany()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 4 });
        Assert.Equal(4, Offer(batch, 10));
        ManualWorkers.Drain(_workers.TakeWoken());

        Assert.Equal(0, Offer(batch, 10));
        Assert.True(batch.TryRead(out _));
        Assert.Equal(1, Offer(batch, 10));
    }

    [Fact]
    public void TryEnqueueRange_MoreThanThereIsRoomFor_TakesThatManyInOrder()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 4, Ordered = true });

        Assert.Equal(0, batch.TryEnqueueRange([]));
        Assert.Equal(1, batch.TryEnqueueRange([0]));
        Assert.Equal(3, batch.TryEnqueueRange([1, 2, 3, 4, 5]));
        Assert.Equal(0, batch.TryEnqueueRange([4, 5]));
        while (_workers.Woken > 0)
        {
            ManualWorkers.Drain(_workers.TakeWoken());
        }

        List<OperationResult<int, int>> results = batch.ReadAvailable();
        Assert.Equal([0, 1, 2, 3], results.Select(result => result.Output));
        Assert.Equal([0L, 1, 2, 3], results.Select(result => result.Operation.Sequence));
        Assert.Equal(2, batch.TryEnqueueRange([4, 5]));
    }

    [Fact]
    public void TryEnqueueRange_OverloadRejects_TakesAllAndRejectsTheRest()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 2, Overload = OverloadPolicy.Reject });

        Assert.Equal(4, batch.TryEnqueueRange([1, 2, 3, 4]));

        Assert.Equal([3, 4], batch.ReadAvailable().Where(result => result.Status == OperationStatus.Rejected).Select(result => result.Input));
    }

    [Fact]
    public void TryEnqueueRange_InputCompleted_Throws()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int>());
        batch.Complete();

        Assert.Equal(OperationErrorCode.BatchClosed, Assert.Throws<OperationException>(() => batch.TryEnqueueRange([1])).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(5_000)]
    public async Task RunAsync_List_EveryInputOnceInOrderIfAsked(int count)
    {
        await using var scheduler = new OperationScheduler<int, int>();
        List<int> outputs = [];

        await foreach (OperationResult<int, int> result in scheduler.RunAsync(
            Enumerable.Range(0, count).ToArray(),
            static (operation, _) => ValueTask.FromResult(operation.Input),
            new OperationBatchOptions<int, int> { Ordered = true, Capacity = 100 }))
        {
            outputs.Add(result.Output);
        }

        Assert.Equal(Enumerable.Range(0, count), outputs);
    }

    [Fact]
    public void UnboundedOutput_Room_ComesWithTheEndNotTheReading()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 4, UnboundedOutput = true });
        Assert.Equal(4, Offer(batch, 10));

        ManualWorkers.Drain(_workers.TakeWoken());

        Assert.Equal(4, Offer(batch, 10));
    }

    [Fact]
    public async Task UnboundedOutput_ProducerThatWaits_GoesOnWhenOperationsEnd()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 2, UnboundedOutput = true });
        Assert.Equal(2, Offer(batch, 10));
        Task waiting = batch.EnqueueAsync(new Operation<int>(3)).AsTask();
        Assert.False(waiting.IsCompleted);

        ManualWorkers.Drain(_workers.TakeWoken());

        await waiting.WaitAsync(BatchExtensions.WaitTimeout);
        Assert.Equal(3, batch.Progress.Accepted);
    }

    [Fact]
    public async Task Calls_CancelledBefore_TakeAndWaitForNothing()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int>());
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch.EnqueueAsync(new Operation<int>(1), cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch.WaitToReadAsync(cancelled).AsTask());

        Assert.Equal(0, batch.Progress.Accepted);
    }

    [Fact]
    public void IsDrained_Batch_OnlyOnceAllIsEndedAndRead()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int>());
        batch.TryEnqueue(1);
        batch.Complete();
        Assert.False(batch.IsDrained);
        ManualWorkers.Drain(_workers.TakeWoken());
        Assert.False(batch.IsDrained);

        Assert.Single(batch.ReadAvailable());

        Assert.True(batch.IsDrained);
    }

    [Fact]
    public async Task RunAsync_ReaderStopsEarly_InputIsNotDrained()
    {
        int pulled = 0;
        await using var scheduler = new OperationScheduler<int, int>();

        int read = 0;
        await foreach (OperationResult<int, int> _ in scheduler.RunAsync(Endless(), (operation, _) => ValueTask.FromResult(operation.Input)))
        {
            if (++read == 3)
            {
                break;
            }
        }

        // The capacity, and what was read and replaced, is all that can have been pulled.
        Assert.InRange(pulled, 3, 1024 + read + 1);

        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return pulled++;
            }
        }
    }

    [Fact]
    public async Task RunAsync_SlowReader_InputIsPulledOnlyAsFastAsItIsRead()
    {
        int pulled = 0;
        await using var scheduler = new OperationScheduler<int, int>();
        int read = 0;
        await foreach (OperationResult<int, int> _ in scheduler.RunAsync(
            Inputs(), (operation, _) => ValueTask.FromResult(operation.Input), new OperationBatchOptions<int, int> { Capacity = 16 }))
        {
            read++;
            Assert.InRange(pulled - read, 0, 17);
        }

        Assert.Equal(1000, read);

        IEnumerable<int> Inputs()
        {
            while (pulled < 1000)
            {
                yield return pulled++;
            }
        }
    }

    [Fact]
    public async Task EnqueueAsync_Full_WaitsForRoom()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1 });
        await batch.EnqueueAsync(new Operation<int>(1));
        ValueTask second = batch.EnqueueAsync(new Operation<int>(2));
        Assert.False(second.IsCompleted);
        OperationLane<int, int> lane = _workers.TakeWoken();
        ManualWorkers.Drain(lane);

        Assert.True(batch.TryRead(out _));
        await second.AsTask().WaitAsync(BatchExtensions.WaitTimeout);

        Assert.Equal([2], ManualWorkers.Drain(_workers.TakeWoken()));
    }

    [Fact]
    public async Task EnqueueAsync_Cancelled_NothingWasTaken()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1 });
        batch.TryEnqueue(1);
        using var cancellation = new CancellationTokenSource();
        ValueTask second = batch.EnqueueAsync(new Operation<int>(2), cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await second);
        Assert.Equal(1, batch.Progress.Accepted);
    }

    [Fact]
    public async Task EnqueueAsync_BatchIsStoppedMeanwhile_Throws()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1 });
        batch.TryEnqueue(1);
        ValueTask second = batch.EnqueueAsync(new Operation<int>(2));

        batch.Cancel();

        OperationException error = await Assert.ThrowsAsync<OperationException>(async () => await second.AsTask().WaitAsync(BatchExtensions.WaitTimeout));
        Assert.Equal(OperationErrorCode.BatchClosed, error.Code);
    }

    [Fact]
    public void Wait_RoomForInput_ReturnsAtOnce()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int>());

        Assert.True(batch.Wait(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task Wait_Full_ReturnsWhenAResultComes()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1 });
        batch.TryEnqueue(1);
        Task<bool> wait = Task.Run(() => batch.Wait(BatchExtensions.WaitTimeout));

        ManualWorkers.Drain(_workers.TakeWoken());

        Assert.True(await wait);
        Assert.True(batch.TryRead(out _));
    }

    [Fact]
    public void Wait_TimeIsUp_SaysFalse()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1 });
        batch.TryEnqueue(1);

        Assert.False(batch.Wait(TimeSpan.FromMilliseconds(5)));
        Assert.False(batch.Wait(TimeSpan.Zero));
    }

    [Fact]
    public async Task Wait_Interrupted_SaysFalseOnce()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1 });
        batch.TryEnqueue(1);
        Task<bool> wait = Task.Run(() => batch.Wait(Timeout.InfiniteTimeSpan));

        batch.Interrupt();

        Assert.False(await wait.WaitAsync(BatchExtensions.WaitTimeout));
        wait = Task.Run(() => batch.Wait(BatchExtensions.WaitTimeout));
        ManualWorkers.Drain(_workers.TakeWoken());
        Assert.True(await wait);
    }

    [Fact]
    public void Wait_Cancelled_Throws()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 1 });
        batch.TryEnqueue(1);
        using var cancellation = new CancellationTokenSource(5);

        Assert.ThrowsAny<OperationCanceledException>(() => batch.Wait(Timeout.InfiniteTimeSpan, cancellation.Token));
    }

    [Fact]
    public void Wait_NothingMoreToCome_SaysFalse()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int>());
        batch.Complete();

        Assert.False(batch.Wait(Timeout.InfiniteTimeSpan));
        Assert.True(batch.IsDrained);
    }

    [Fact]
    public void Reject_Full_EndsAtOnceAsRejected()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 2, Overload = OverloadPolicy.Reject });
        Assert.Equal(2, Offer(batch, 2));

        Assert.True(batch.TryEnqueue(new Operation<int>(3) { Id = "third" }));

        OperationResult<int, int> result = Assert.Single(batch.ReadAvailable());
        Assert.Equal((OperationStatus.Rejected, 3, 0), (result.Status, result.Input, result.Attempts));
        OperationException error = Assert.IsType<OperationException>(result.Error);
        Assert.Equal(OperationErrorCode.OperationRejected, error.Code);
        Assert.Contains("'third'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reject_NobodyReadsResults_RejectionsDoNotPileUp()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 2, Overload = OverloadPolicy.Reject });

        // Two wait, two are rejected and not read: then there is no room for more rejections either.
        Assert.Equal(4, Offer(batch, 100));
    }

    [Fact]
    public void Fail_Full_ThrowsAndTakesNothing()
    {
        OperationBatch<int, int> batch = Start(new OperationBatchOptions<int, int> { Capacity = 2, Overload = OverloadPolicy.Fail });
        Offer(batch, 2);

        OperationException error = Assert.Throws<OperationException>(() => batch.TryEnqueue(3));

        Assert.Equal(OperationErrorCode.OperationRejected, error.Code);
        Assert.Equal(2, batch.Progress.Accepted);
    }

    private static int Offer(OperationBatch<int, int> batch, int count)
    {
        int taken = 0;
        while (taken < count && batch.TryEnqueue(taken))
        {
            taken++;
        }

        return taken;
    }

    private OperationBatch<int, int> Start(OperationBatchOptions<int, int> options) =>
        new OperationScheduler<int, int>(new OperationSchedulerOptions { TimeProvider = _clock }).StartBatch(_workers.Make, options);
}
