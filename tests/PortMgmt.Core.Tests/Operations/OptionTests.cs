using System.Globalization;
using PortMgmt.Operations;
using PortMgmt.Operations.Errors;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class OptionTests
{
    public static TheoryData<string, OperationSettings> BadSettings => new()
    {
        { "MaxConcurrent", new OperationSettings { MaxConcurrent = 0 } },
        { "MaxConcurrent", new OperationSettings { MaxConcurrent = -1 } },
        { "MaxConcurrent", new OperationSettings { MaxConcurrent = 10_001 } },
        { "BatchSize", new OperationSettings { BatchSize = 0 } },
        { "BatchFlush", new OperationSettings { BatchFlush = TimeSpan.FromMilliseconds(-1) } },
        { "BatchFlush", new OperationSettings { BatchFlush = TimeSpan.FromMinutes(2) } },
        { "CacheSize", new OperationSettings { CacheSize = -1 } },
    };

    public static TheoryData<string, OperationBatchOptions<int, int>> BadOptions => new()
    {
        { "MaxConcurrent", new OperationBatchOptions<int, int> { MaxConcurrent = 0 } },
        { "BatchSize", new OperationBatchOptions<int, int> { BatchSize = -5 } },
        { "BatchFlush", new OperationBatchOptions<int, int> { BatchFlush = TimeSpan.FromDays(1) } },
        { "CacheSize", new OperationBatchOptions<int, int> { CacheSize = -1 } },
        { "Capacity", new OperationBatchOptions<int, int> { Capacity = 0 } },
        { "Timeout", new OperationBatchOptions<int, int> { Timeout = TimeSpan.Zero } },
        { "Overload", new OperationBatchOptions<int, int> { Overload = (OverloadPolicy)9 } },
        { "MaxRetries", new OperationBatchOptions<int, int> { Retry = new RetryOptions { MaxRetries = -1 } } },
        { "BaseDelay", new OperationBatchOptions<int, int> { Retry = new RetryOptions { BaseDelay = TimeSpan.FromHours(2) } } },
        { "MaxDelay", new OperationBatchOptions<int, int> { Retry = new RetryOptions { MaxDelay = TimeSpan.FromMilliseconds(1) } } },
        { "Jitter", new OperationBatchOptions<int, int> { Retry = new RetryOptions { Jitter = double.NaN } } },
        { "TypeLimits['db']", new OperationBatchOptions<int, int> { TypeLimits = new Dictionary<string, int> { ["db"] = 0 } } },
        {
            "TypeLimits",
            new OperationBatchOptions<int, int> { DeliverAsChunk = true, TypeLimits = new Dictionary<string, int> { ["db"] = 1 } }
        },
    };

    [Theory]
    [MemberData(nameof(BadSettings))]
    public void Settings_OutOfRange_ErrorNamesTheOption(string option, OperationSettings settings)
    {
        Assert.NotNull(settings);
        AssertNames(option, () => new OperationScheduler<int, int>(new OperationSchedulerOptions { Settings = settings }));
        var scheduler = new OperationScheduler<int, int>();
        OperationSettings before = scheduler.Settings;
        AssertNames(option, () =>
        {
            scheduler.Configure(settings);
            return null;
        });
        Assert.Same(before, scheduler.Settings);
    }

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void BatchOptions_OutOfRange_ErrorNamesTheOption(string option, OperationBatchOptions<int, int> options) =>
        AssertNames(option, () => new OperationScheduler<int, int>().StartBatch((_, _) => ValueTask.FromResult(0), options));

    [Fact]
    public void SchedulerOptions_OutOfRange_ErrorNamesTheOption()
    {
        AssertNames("Name", () => new OperationScheduler<int, int>(new OperationSchedulerOptions { Name = string.Empty }));
        AssertNames("StopGrace", () => new OperationScheduler<int, int>(new OperationSchedulerOptions { StopGrace = TimeSpan.FromDays(1) }));
        AssertNames("profile", () => new OperationSettings().With((BatchProfile)77));
        AssertNames("profile", () => new OperationSettings().With((CacheProfile)77));
    }

    [Theory]
    [InlineData(BatchProfile.UltraLowLatency, 10, 1)]
    [InlineData(BatchProfile.Balanced, 100, 10)]
    [InlineData(BatchProfile.Throughput, 500, 50)]
    [InlineData(BatchProfile.Streaming, 1000, 100)]
    public void With_BatchProfile_SetsSizeAndFlush(BatchProfile profile, int size, int flushMs)
    {
        OperationSettings settings = new OperationSettings { MaxConcurrent = 3, CacheSize = 7 }.With(profile);

        Assert.Equal((3, 7, size, flushMs), (settings.MaxConcurrent, settings.CacheSize, settings.BatchSize, settings.BatchFlush.TotalMilliseconds));
    }

    [Theory]
    [InlineData(CacheProfile.ReadHeavy, 10_000)]
    [InlineData(CacheProfile.WriteHeavy, 1_000)]
    [InlineData(CacheProfile.Streaming, 2_000)]
    public void With_CacheProfile_SetsSize(CacheProfile profile, int size) => Assert.Equal(size, new OperationSettings().With(profile).CacheSize);

    [Fact]
    public void Metadata_TooLarge_IsRefusedAndSaysWhatToDo()
    {
        OperationBatch<int, int> batch = new OperationScheduler<int, int>().StartBatch((_, _) => ValueTask.FromResult(0));
        var metadata = new Dictionary<string, object?> { ["blob"] = new string('x', 5000) };

        OperationException error = Assert.Throws<OperationException>(
            () => batch.TryEnqueue(new Operation<int>(1) { Id = "big", Metadata = metadata }));

        Assert.Equal(OperationErrorCode.MetadataTooLarge, error.Code);
        Assert.Contains("'big'", error.Message, StringComparison.Ordinal);
        Assert.Contains("elsewhere", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, batch.Progress.Accepted);
    }

    [Fact]
    public void MetadataMeasure_TextNumbersAndCollections_AreCounted()
    {
        Dictionary<string, object?> metadata = new()
        {
            ["text"] = "äb",
            ["number"] = 1234,
            ["none"] = null,
            ["list"] = new[] { 1, 22 },
            ["map"] = new Dictionary<string, string> { ["k"] = "vv" },
            ["bytes"] = new byte[10],
        };

        Assert.Equal(4 + 3 + 6 + 4 + 4 + 4 + 3 + 3 + 3 + 5 + 10, OperationMetadata.Measure(metadata));
        Assert.Equal(0, OperationMetadata.Measure(null));
    }

    [Fact]
    public void Metadata_ListOfNothingsWithoutEnd_IsTooLargeNotEndless()
    {
        Dictionary<string, object?> metadata = new() { ["nothings"] = Enumerable.Repeat<object?>(null, int.MaxValue) };

        Assert.InRange(OperationMetadata.Measure(metadata), OperationMetadata.MaxBytes + 1, int.MaxValue);
    }

    [Fact]
    public void Metadata_LargeMap_IsCountedNoFurtherThanTheBound()
    {
        var map = new Dictionary<int, string>();
        for (int i = 0; i < 10_000; i++)
        {
            map[i] = "value";
        }

        Assert.InRange(OperationMetadata.Measure(new Dictionary<string, object?> { ["map"] = map }), OperationMetadata.MaxBytes + 1, OperationMetadata.MaxBytes + 20);
        Assert.InRange(
            OperationMetadata.Measure(map.ToDictionary(static pair => $"key{pair.Key}", static pair => (object?)pair.Value)),
            OperationMetadata.MaxBytes + 1,
            OperationMetadata.MaxBytes + 20);
    }

    [Fact]
    public void StartBatch_WithoutAContextToRunIn_IsRefused()
    {
        var scheduler = new OperationScheduler<int, int>();
        using (ExecutionContext.SuppressFlow())
        {
            Assert.Contains("SuppressFlow", Assert.Throws<InvalidOperationException>(() => scheduler.StartBatch((_, _) => ValueTask.FromResult(0))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Metadata_RefersToItself_IsTooLargeNotEndless()
    {
        Dictionary<string, object?> metadata = [];
        metadata["self"] = metadata;

        Assert.InRange(OperationMetadata.Measure(metadata), OperationMetadata.MaxBytes + 1, int.MaxValue);
    }

    [Fact]
    public async Task Enqueue_TwiceTheSameObject_Throws()
    {
        await using var scheduler = new OperationScheduler<int, int>();
        OperationBatch<int, int> batch = scheduler.StartBatch((_, _) => ValueTask.FromResult(0));
        var operation = new Operation<int>(1);
        batch.TryEnqueue(operation);

        OperationException error = Assert.Throws<OperationException>(() => batch.TryEnqueue(operation));

        Assert.Equal(OperationErrorCode.OperationReused, error.Code);
        Assert.Single(await batch.FinishAsync());
    }

    [Fact]
    public void Enqueue_AfterComplete_Throws()
    {
        OperationBatch<int, int> batch = new OperationScheduler<int, int>().StartBatch((_, _) => ValueTask.FromResult(0));
        batch.Complete();

        OperationException error = Assert.Throws<OperationException>(() => batch.TryEnqueue(1));

        Assert.Equal(OperationErrorCode.BatchClosed, error.Code);
    }

    [Fact]
    public void Messages_AnyCultureOfTheThread_AreTheSame()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = foreign;
        try
        {
            OperationException error = Assert.Throws<OperationException>(() => OptionCheck.InRange("Jitter", 1.5, 0.25, 1));
            Assert.Equal("Jitter is 1.5: give a value from 0.25 to 1.", error.Message);
            Assert.Contains("1.5 s", OperationErrors.TimedOut(null, TimeSpan.FromSeconds(1.5)).Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void AssertNames(string option, Func<object?> action)
    {
        OperationException error = Assert.Throws<OperationException>(action);
        Assert.Equal(OperationErrorCode.InvalidOption, error.Code);
        Assert.Equal(option, error.Option);
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }
}
