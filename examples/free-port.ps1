<#
.SYNOPSIS
    Finds who holds a port, and stops it.
.DESCRIPTION
    Says which process listens, what it leased and whether that is the same, and stops the process if you agree. A lease
    that nobody listens on is removed if you agree.
.EXAMPLE
    ./examples/free-port.ps1 8080 -WhatIf
.EXAMPLE
    ./examples/free-port.ps1 8080 -Confirm:$false
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateRange(1, 65535)]
    [int] $Port
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module -Name PortMgmt)) {
    Import-Module -Name (Join-Path $PSScriptRoot '../PortMgmt.psd1')
}

$found = Test-Port -Port $Port
if ($found.Available) {
    Write-Verbose -Message "Nobody holds port $Port."
    return
}
$found.Message

foreach ($listener in Get-PortListener -Port $Port -ErrorAction Ignore) {
    if (-not $listener.Id) {
        Write-Warning -Message "Another user's process listens on port $Port; its user or an administrator can stop it."
    }
    elseif ($PSCmdlet.ShouldProcess("process $($listener.Id) ($($listener.Program))", 'Stop')) {
        $listener | Stop-Process -Force -Confirm:$false
        Wait-Port -Port $Port -Free
    }
}

foreach ($lease in Get-PortLease -Port $Port -State Active -ErrorAction Ignore) {
    if ($PSCmdlet.ShouldProcess("the lease of port $Port ('$($lease.Name)')", 'Remove')) {
        $lease | Remove-PortLease -Confirm:$false
    }
}
