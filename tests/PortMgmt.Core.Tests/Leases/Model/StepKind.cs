namespace PortMgmt.Core.Tests.Leases.Model;

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
