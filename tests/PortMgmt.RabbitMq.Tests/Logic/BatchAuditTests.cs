using Microsoft.Extensions.Time.Testing;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Batches;
using PortMgmt.RabbitMq.Nodes;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class BatchAuditTests : IAsyncDisposable
{
    private const string Type = "job";
    private static readonly TimeSpan GoneTime = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly BatchLedger _ledger;
    private readonly FakeBroker _broker = new();
    private readonly List<string> _sent = [];
    private readonly List<string> _notices = [];
    private readonly BatchAudit _audit;

    public BatchAuditTests()
    {
        _ledger = new BatchLedger(_clock);
        _audit = new BatchAudit(_broker, _ledger, operation => _sent.Add(operation.Id), _notices.Add, GoneTime, _clock);
    }

    [Fact]
    public async Task Look_OperationThatIsNowhereTwice_IsSentAgainOnce()
    {
        _ = Submit("a");
        Assert.True(await LookAsync());
        Assert.Empty(_sent);
        Assert.True(await LookAsync());
        Assert.Equal(["a"], _sent);
        Assert.Contains("1 operations of type 'job'", Assert.Single(_notices), StringComparison.Ordinal);

        // Until the broker has it again it is not looked for.
        await LookAsync();
        Assert.Equal(["a"], _sent);
    }

    [Fact]
    public async Task Look_OperationThatAWorkerHas_IsLeftAlone()
    {
        _ = Submit("a");
        _broker.Answers = [Holding("a")];
        Assert.False(await LookAsync());
        Assert.False(await LookAsync());
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Look_MissedOnceAndThenSeen_CountsAnew()
    {
        _ = Submit("a");
        await LookAsync();
        _broker.Answers = [Holding("a")];
        await LookAsync();
        _broker.Answers = [Holding()];
        await LookAsync();
        Assert.Empty(_sent);
        await LookAsync();
        Assert.Equal(["a"], _sent);
    }

    [Fact]
    public async Task Look_SomethingWaitsInAQueue_ProvesNothing()
    {
        _ = Submit("a");
        _broker.Waiting = new WaitingOperations(1, 1);
        await LookAsync();
        await LookAsync();
        Assert.Empty(_sent);
        Assert.Equal(0, _broker.Questions);
    }

    [Fact]
    public async Task Look_AWorkerDoesNotAnswer_ProvesNothing()
    {
        _ = Submit("a");
        _broker.Waiting = new WaitingOperations(0, 2);
        await LookAsync();
        await LookAsync();
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Look_WorkerOfAnotherType_IsNoAnswer()
    {
        _ = Submit("a");
        _broker.Answers = [new HeldOperations { Type = "other", Ids = [] }];
        await LookAsync();
        await LookAsync();
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Look_ResultCameWithTheMark_IsNotSentAgain()
    {
        Task<ClusterResult> result = Submit("a");
        await LookAsync();
        _broker.OnCatchUp = () => _ledger.Take(new ClusterResult { OperationId = "a", Status = OperationStatus.Succeeded, NodeId = "n" });
        await LookAsync();
        Assert.Empty(_sent);
        Assert.True(result.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Look_YoungOperation_IsNotLookedFor()
    {
        _ = Submit("a");
        Assert.False(await _audit.LookAsync(CancellationToken.None));
        Assert.Equal(0, _broker.Questions);
    }

    [Fact]
    public async Task Look_QueueIsGoneForTooLong_OperationsFailAndSayWhy()
    {
        Task<ClusterResult> result = Submit("a");
        _broker.Waiting = null;
        await LookAsync();
        Assert.Contains("is gone", Assert.Single(_notices), StringComparison.Ordinal);
        Assert.False(result.IsCompleted);
        _clock.Advance(GoneTime);
        await LookAsync();
        OperationException failure = await Assert.ThrowsAsync<OperationException>(() => result);
        Assert.Equal(OperationErrorCode.TypeNotFound, failure.Code);
        Assert.Contains("was deleted", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_QueueIsThereAgain_WhatCouldNotBeSentIsSent()
    {
        _ = _ledger.Expect(new ClusterOperation("a", Type, default), out PendingOperation? pending);
        _ledger.KeepUnsent(pending!);
        _broker.Waiting = null;
        await LookAsync();
        Assert.Empty(_sent);
        _broker.Waiting = new WaitingOperations(0, 0);
        await LookAsync();
        Assert.Equal(["a"], _sent);
    }

    public ValueTask DisposeAsync() => _audit.DisposeAsync();

    private static HeldOperations Holding(params string[] ids) => new() { Type = Type, Ids = ids };

    private Task<ClusterResult> Submit(string id)
    {
        Task<ClusterResult> result = _ledger.Expect(new ClusterOperation(id, Type, default), out PendingOperation? pending);
        _ledger.Confirm(pending!);
        return result;
    }

    private Task<bool> LookAsync()
    {
        _clock.Advance(BatchAudit.MinAge);
        return _audit.LookAsync(CancellationToken.None);
    }

    private sealed class FakeBroker : IAuditedBroker
    {
        public WaitingOperations? Waiting { get; set; } = new WaitingOperations(0, 1);

        public HeldOperations[] Answers { get; set; } = [Holding()];

        public Action OnCatchUp { get; set; } = () => { };

        public int Questions { get; private set; }

        public Task<WaitingOperations?> CountAsync(string type, CancellationToken cancellationToken) => Task.FromResult(Waiting);

        public Task<IReadOnlyCollection<HeldOperations>> AskHeldAsync(CancellationToken cancellationToken)
        {
            Questions++;
            return Task.FromResult<IReadOnlyCollection<HeldOperations>>(Answers);
        }

        public Task CatchUpAsync(CancellationToken cancellationToken)
        {
            OnCatchUp();
            return Task.CompletedTask;
        }
    }
}
