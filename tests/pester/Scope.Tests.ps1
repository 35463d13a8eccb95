BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Scopes of leases' {
    BeforeEach {
        Use-TestRegistry
        $root = (New-Item -ItemType Directory -Path (Join-Path $TestDrive ([guid]::NewGuid().ToString('n')))).FullName
        $null = New-Item -ItemType Directory -Path "$root/one/.git", "$root/one/src", "$root/two/src" -Force
        Set-Content -Path "$root/two/.git" -Value 'gitdir: elsewhere'
        Push-Location -Path $root
    }

    AfterEach {
        Pop-Location
        $env:PORTMGMT_SCOPE = $null
        Clear-TestRegistry
    }

    It 'gives each checkout its own port back' {
        $ports = foreach ($round in 1, 2) {
            foreach ($checkout in 'one', 'two') {
                Set-Location -Path "$root/$checkout/src"
                (New-PortLease web -Scope auto).Port
                Remove-PortLease web -Scope auto
            }
        }
        $ports[0] | Should -Not -Be $ports[1]
        $ports[2..3] | Should -Be $ports[0..1]
    }

    It 'looks for auto at the location of the shell, not of the process' {
        Set-Location -Path "$root/one/src"
        (New-PortLease web -Scope auto).Scope | Should -BeLike '*one'
    }

    It 'takes the scope from PORTMGMT_SCOPE for every cmdlet' {
        $env:PORTMGMT_SCOPE = 'auto'
        Set-Location -Path "$root/one"
        $one = New-PortLease web -TimeToLive 1h
        Set-Location -Path "$root/two"
        $two = New-PortLease web -TimeToLive 1h
        (Get-PortLease web).Port | Should -Be $two.Port
        (Update-PortLease web -TimeToLive 2h -PassThru).Port | Should -Be $two.Port
        Use-PortLease -Name web { $PortLease.Scope } | Should -Be $two.Scope
        Remove-PortLease web
        (Get-PortLease).Port | Should -Be $one.Port
        Set-Location -Path $root
        (New-PortLease web).Scope | Should -BeNullOrEmpty
    }

    It 'keeps a name apart from the same name in a scope' {
        $lease = New-PortLease web -Scope shop
        { Get-PortLease web -ErrorAction Stop } | Should -Throw -ErrorId 'LeaseNotFound*'
        { Remove-PortLease web -ErrorAction Stop } | Should -Throw -ErrorId 'LeaseNotFound*'
        { Get-PortLease web -Scope other -ErrorAction Stop } | Should -Throw -ExpectedMessage "*'other'*"
        (New-PortLease web -Scope shop -Reuse).Port | Should -Be $lease.Port
        (New-PortLease web -Reuse).Port | Should -Not -Be $lease.Port
        (Get-PortLease web -Scope shop).Port | Should -Be $lease.Port
    }

    It 'finds scopes by wildcards, and all of them' {
        $null = New-PortLease web
        $null = 'shop-1', 'shop-2' | ForEach-Object -Process { New-PortLease web -Scope $_ }
        Get-PortLease | Should -HaveCount 3
        Get-PortLease web -Scope * | Should -HaveCount 3
        Get-PortLease -Scope shop-? | Should -HaveCount 2
        Get-PortLease -Scope '' | Should -HaveCount 1
        Get-PortLease w* -Scope shop-1 | Should -HaveCount 1
        Get-PortLease -Scope shop-* | Remove-PortLease
        Get-PortLease | Should -HaveCount 1
    }

    It 'takes brackets for themselves, as paths have them' {
        $other = New-PortLease web -Scope /srv/a
        $lease = New-PortLease web -Scope '/srv/[ab]'
        (Get-PortLease web -Scope '/srv/[ab]').Port | Should -Be $lease.Port
        (Get-PortLease web -Scope ([WildcardPattern]::Escape('/srv/[ab]'))).Port | Should -Be $lease.Port
        (Get-PortLease web -Scope '/srv/[ab]*').Port | Should -Be $other.Port
        $lease | Select-Object -Property Name, Scope | Remove-PortLease
        (Get-PortLease).Port | Should -Be $other.Port
        (New-PortLease db -Scope '[').Port | Should -Be (Get-PortLease db -Scope '[').Port
    }

    It 'refuses a pattern that is none' {
        foreach ($wrong in @{ Name = '[w' }, @{ Name = 'web'; Scope = '[w*' }) {
            { Get-PortLease @wrong -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest*' -ExpectedMessage "*'``[w*"
            { Remove-PortLease @wrong -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest*'
        }
    }

    It 'binds a column of an imported table' {
        $leases = "Name,Scope`nweb,shop`nweb," | ConvertFrom-Csv | New-PortLease
        $leases.Scope | Should -Be 'shop', ''
    }

    It 'shows the scope in tables and lists' {
        $lease = New-PortLease web -Scope /srv/shop
        $lease | Format-Table | Out-String | Should -BeLike '*web `[shop`]*'
        $lease | Format-List | Out-String | Should -BeLike '*Scope*/srv/shop*'
    }

    It 'completes scopes, quoted where they need it' {
        $null = New-PortLease web -Scope '/srv/my shop'
        $line = 'New-PortLease -Scope '
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Be 'auto', "'/srv/my shop'"
    }

    It 'refuses what is no scope: <scope>' -ForEach @(
        @{ scope = '=1'; message = '*U+003D*' }
        @{ scope = "a`tb"; message = '*U+0009*' }
        @{ scope = 'auto'; message = '*.git*' }
    ) {
        { New-PortLease web -Scope $scope -ErrorAction Stop } | Should -Throw -ExpectedMessage $message -ErrorId 'InvalidRequest*'
    }

    It 'keeps a reserved port for a name in one scope' {
        $port = Find-UsablePort
        Set-PortPolicy -Reserve @{ 'web in shop' = $port }
        (New-PortLease web -Scope shop).Port | Should -Be $port
        { New-PortLease web -Port $port -ErrorAction Stop } | Should -Throw -ExpectedMessage "*in the scope 'shop'*"
    }
}
