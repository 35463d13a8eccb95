namespace PortMgmt.Tests.Leases;

internal enum StepKind
{
    Take,
    TakeExactly,
    TakeMany,
    TakeBlock,
    Renew,
    HandOver,
    Release,
    EndProcess,
    ReplaceProcess,
    Advance,
    Sweep,
}
