using PortMgmt.Core.Tests.Operations;
using PortMgmt.Heads;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Heads;

/// <summary>How the module and the command line feed a batch. Workers are pulled by the test, so that each step is known.</summary>
public sealed class BatchPumpTests
{
    private readonly ManualWorkers _workers = new();

    [Fact]
    public void Add_FullBatch_PutsResultsOutUntilThereIsRoom()
    {
        OperationBatch<int, int> batch = Start(capacity: 2);
        var sink = new RecordingSink { OnFlush = Work };
        var pump = new BatchPump<int, int>(batch, sink);

        for (int i = 0; i < 20; i++)
        {
            pump.Add(new Operation<int>(i), CancellationToken.None);
        }

        pump.Finish(CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 20), sink.Outputs);
        Assert.True(batch.IsDrained);
        Assert.Equal(-1, sink.Steps[^1]);
    }

    [Fact]
    public void Add_CancelledWhileFull_Throws()
    {
        var pump = new BatchPump<int, int>(Start(capacity: 1), new RecordingSink());
        pump.Add(new Operation<int>(1), CancellationToken.None);

        Assert.ThrowsAny<OperationCanceledException>(() => pump.Add(new Operation<int>(2), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Finish_NothingEnds_FlushesMeanwhile()
    {
        OperationBatch<int, int> batch = Start(capacity: 10);
        RecordingSink sink = null!;
        sink = new RecordingSink
        {
            OnFlush = () =>
            {
                if (sink.Flushes >= 3)
                {
                    Work();
                }
            },
        };
        var pump = new BatchPump<int, int>(batch, sink);
        pump.Add(new Operation<int>(1), CancellationToken.None);

        pump.Finish(CancellationToken.None);

        Assert.Equal([1, -1], sink.Steps);
        Assert.True(sink.Flushes >= 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadToEnd_InputOfAnotherThread_PutsAllOutAndFlushesLast(bool async)
    {
        OperationBatch<int, int> batch = Start(capacity: 4);
        var sink = new RecordingSink();
        var pump = new BatchPump<int, int>(batch, sink);
        var feed = new BatchFeed<int, int>(batch);
        int next = 0;
        feed.Start(() =>
        {
            Work();
            return next < 50 ? new Operation<int>(next++) : null;
        });

        if (async)
        {
            await pump.ReadToEndAsync();
        }
        else
        {
            pump.ReadToEnd();
        }

        Assert.Equal(Enumerable.Range(0, 50), sink.Outputs);
        Assert.Equal(-1, sink.Steps[^1]);
        Assert.True(feed.IsComplete);
        Assert.False(feed.HasFailed);
        feed.ThrowIfFailed();
    }

    [Fact]
    public void Feed_ReaderFails_EndsTheBatchInGoodOrderAndTellsOnAsking()
    {
        OperationBatch<int, int> batch = Start(capacity: 10);
        var sink = new RecordingSink();
        var feed = new BatchFeed<int, int>(batch);
        int read = 0;
        feed.Start(() =>
        {
            Work();
            return read++ < 2 ? new Operation<int>(read) : throw new InvalidDataException("line 3");
        });

        new BatchPump<int, int>(batch, sink).ReadToEnd();

        Assert.Equal([1, 2], sink.Outputs);
        Assert.True(feed.HasFailed);
        Assert.Equal("line 3", Assert.Throws<InvalidDataException>(feed.ThrowIfFailed).Message);
    }

    [Fact]
    public void Feed_BatchIsCancelled_IsNoFailure()
    {
        OperationBatch<int, int> batch = Start(capacity: 10);
        var feed = new BatchFeed<int, int>(batch);
        int read = 0;
        feed.Start(() =>
        {
            if (read == 1)
            {
                batch.Cancel();
            }

            return new Operation<int>(read++);
        });

        // The first is ended by the stop; the second finds the batch closed, which ends the feed.
        new BatchPump<int, int>(batch, new RecordingSink()).ReadToEnd();

        Assert.True(SpinWait.SpinUntil(() => feed.IsComplete, BatchExtensions.WaitTimeout));
        Assert.False(feed.HasFailed);
    }

    private OperationBatch<int, int> Start(int capacity)
    {
        var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Name = "test",
            Settings = new OperationSettings { MaxConcurrent = 1, BatchSize = 1 },
        });
        return scheduler.StartBatch(_workers.Make, new OperationBatchOptions<int, int> { Capacity = capacity });
    }

    private void Work()
    {
        while (_workers.Woken > 0)
        {
            ManualWorkers.Drain(_workers.TakeWoken());
        }
    }
}
