using BenchmarkDotNet.Attributes;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>The inside of an allocation, step by step, and the whole of it.</summary>
[MemoryDiagnoser]
public class LeaseBenchmarks : IDisposable
{
    private const int UsedPort = 20000;
    private const int FreePort = 20001;

    private readonly HostPlatform _platform = HostPlatform.Current;
    private readonly byte[] _copy = new byte[SlotCodec.CopyLength];
    private ScratchRegistry _scratch = null!;
    private PortRegistry _registry = null!;
    private LeaseTable _table = null!;
    private string _lockFile = null!;
    private string _tableFile = null!;
    private Slot _slot;

    [GlobalSetup]
    public void Setup()
    {
        _scratch = new ScratchRegistry();
        _registry = ScratchRegistry.Open(_scratch.Directory);
        _registry.Acquire(new PortLeaseRequest { Name = "bench", Port = UsedPort });
        _lockFile = Path.Combine(_scratch.Directory, "leases.lock");
        _tableFile = _registry.GetStatus().TableFile!;
        _table = LeaseTable.Open(_platform, _tableFile)!;
        _slot = _table.ReadSlot(UsedPort);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _table.Dispose();
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public PortRange? Rules() => _platform.ReadPortRules().Ephemeral;

    [Benchmark]
    public bool LockAndFree()
    {
        using SafeFileHandle file = _platform.OpenFile(_lockFile)!;
        return _platform.Lock(file, LockWait.For(TimeSpan.FromSeconds(2)), CancellationToken.None);
    }

    [Benchmark]
    public void OpenTable() => LeaseTable.Open(_platform, _tableFile)!.Dispose();

    [Benchmark]
    public object ReadUsedSlot() => _table.ReadSlot(UsedPort);

    [Benchmark]
    public object ReadBlankSlot() => _table.ReadSlot(FreePort);

    [Benchmark]
    public void WriteSlot() => _table.WriteSlot(UsedPort, _slot, _slot.Record!);

    [Benchmark]
    public void EncodeRecord() => SlotCodec.Write(_copy, 1, _slot.Record!);

    [Benchmark]
    public object BindAndLetGo() => _platform.Probe(FreePort, udp: false);

    [Benchmark]
    public object ExamineProcess() => _platform.Examine(_slot.Record!.Owner);

    [Benchmark]
    public void AcquireAndRelease() => _registry.Acquire("service").Dispose();
}
